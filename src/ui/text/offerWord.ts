import type { OfferView } from "../../workers/workspaceApi.ts";
import type { VerdictMark } from "../icons/VerdictIcon.tsx";

/** What stands behind the selected rule: the verdict's mark and a word for the rewrite. */
export function offerWord(offer: OfferView): { readonly mark: VerdictMark; readonly word: string } {
  return { mark: offerMark(offer), word: word(offer) };
}

export function offerMark(offer: OfferView): VerdictMark {
  return offer.verdict === "holds" && offer.inserted.length > 0 ? "inserted" : offer.verdict;
}

function word(offer: OfferView): string {
  switch (offer.rewrite) {
    case "decoupleMutuallyIndependent":
      return "mutually independent";
    case "decoupleMonotonic":
      return "monotonic";
    case "decoupleFunctional":
      return "functional";
    case "partitionByCohashing":
      return "co-hashing";
    default:
      return offer.title.toLowerCase();
  }
}
