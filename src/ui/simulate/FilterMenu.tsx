import { Combobox, useCombobox } from "@mantine/core";
import "@mantine/core/styles/Popover.layer.css";
import "@mantine/core/styles/ScrollArea.layer.css";
import "@mantine/core/styles/Combobox.css";
import { useRef, useState } from "react";
import type { ReactNode } from "react";
import { toggled } from "./shownParts.ts";
import type { FilterGroup } from "./shownParts.ts";

const SHOW_ALL = "all";
const HIDE_ALL = "none";

/** Which of them are shown: type to find one, arrows to walk, Enter to show or hide, a whole group by its name. */
export function FilterMenu(props: {
  /** In the plural, as in "All nodes". */
  readonly what: string;
  readonly groups: readonly FilterGroup[];
  readonly hidden: ReadonlySet<string>;
  onChange(hidden: ReadonlySet<string>): void;
}): ReactNode {
  const { what, groups, hidden, onChange } = props;
  const [query, setQuery] = useState("");
  const find = useRef<HTMLInputElement>(null);
  const combobox = useCombobox({
    // Not before it is there and in its place.
    onDropdownOpen: () => setTimeout(() => find.current?.focus()),
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setQuery("");
      combobox.focusTarget();
    },
  });
  const members = groups.flatMap((group) => group.members);
  const count = members.filter((member) => !hidden.has(member)).length;
  const all = count === members.length;
  const found = matching(groups, query);
  const submit = (value: string): void => {
    if (value === SHOW_ALL)
      onChange(new Set([...hidden].filter((each) => !members.includes(each))));
    else if (value === HIDE_ALL) onChange(new Set([...hidden, ...members]));
    else onChange(toggled(hidden, membersOf(value, groups)));
  };
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={submit}
      position="bottom-end"
      width={264}
      withinPortal={false}
    >
      <Combobox.Target withAriaAttributes={false} withKeyboardNavigation={false}>
        <button
          className={all ? "button button-plain" : "button button-plain filter-on"}
          aria-haspopup="listbox"
          aria-expanded={combobox.dropdownOpened}
          onClick={() => combobox.toggleDropdown()}
        >
          {all ? `All ${what}` : `${count} of ${members.length} ${what}`}{" "}
          <span aria-hidden="true">▾</span>
        </button>
      </Combobox.Target>
      <Combobox.Dropdown className="simulate-popover filter-menu">
        <Combobox.EventsTarget withExpandedAttribute>
          <input
            className="text-input"
            ref={find}
            aria-label={`Find among ${what}`}
            placeholder={`Find among ${what}`}
            value={query}
            onChange={(event) => {
              setQuery(event.target.value);
              combobox.updateSelectedOptionIndex();
            }}
          />
        </Combobox.EventsTarget>
        <Combobox.Options aria-label={`Shown ${what}`} aria-multiselectable="true">
          {query === "" && (
            <>
              <Combobox.Option value={SHOW_ALL} aria-selected={all}>
                Show all
              </Combobox.Option>
              <Combobox.Option value={HIDE_ALL} aria-selected={count === 0}>
                Hide all
              </Combobox.Option>
            </>
          )}
          {found.map((group) => (
            <GroupOptions key={group.name} group={group} groups={groups} hidden={hidden} />
          ))}
          {found.length === 0 && <Combobox.Empty>None is called that.</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

/** A group of one is its only member. */
function GroupOptions(props: {
  /** As far as it was found. */
  readonly group: FilterGroup;
  readonly groups: readonly FilterGroup[];
  readonly hidden: ReadonlySet<string>;
}): ReactNode {
  const { group, groups, hidden } = props;
  const whole = groups.find((each) => each.name === group.name)?.members ?? [];
  const count = whole.filter((member) => !hidden.has(member)).length;
  const single = whole.length === 1;
  return (
    <Combobox.Group>
      {!single && (
        <Combobox.Option value={`group ${group.name}`} aria-selected={count > 0}>
          <Mark state={count === 0 ? "hidden" : count === whole.length ? "shown" : "some"} />
          <b>{group.name}</b>{" "}
          <span className="quiet">
            {count} of {whole.length}
          </span>
        </Combobox.Option>
      )}
      {group.members.map((member) => (
        <Combobox.Option
          key={member}
          value={`one ${member}`}
          aria-selected={!hidden.has(member)}
          className={single ? undefined : "filter-member"}
        >
          <Mark state={hidden.has(member) ? "hidden" : "shown"} />
          <span className="mono">{member}</span>
        </Combobox.Option>
      ))}
    </Combobox.Group>
  );
}

function Mark({ state }: { readonly state: "shown" | "hidden" | "some" }): ReactNode {
  return (
    <span className="filter-mark" aria-hidden="true">
      {state === "shown" ? "✓" : state === "some" ? "–" : ""}
    </span>
  );
}

function membersOf(value: string, groups: readonly FilterGroup[]): readonly string[] {
  const group = groups.find((each) => value === `group ${each.name}`);
  return group?.members ?? [value.replace(/^one /, "")];
}

/** Groups by their own name whole, others as far as members are called so. */
function matching(groups: readonly FilterGroup[], query: string): readonly FilterGroup[] {
  const wanted = query.trim().toLowerCase();
  const fits = (name: string): boolean => name.toLowerCase().includes(wanted);
  return groups.flatMap((group) => {
    if (fits(group.name)) return [group];
    const members = group.members.filter(fits);
    return members.length === 0 ? [] : [{ ...group, members }];
  });
}
