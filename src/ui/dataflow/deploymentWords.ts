/** What the level Deployment says when there is nothing to draw. */
export const NO_DEPLOYMENT =
  "This program has no deployment, so it is not known which machines run it. The level Components shows who sends to whom.";
