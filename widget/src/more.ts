/** Words around replies, which come with the parts that draw them. */

export interface More {
  cited: string;
  verbatim: string;
  open: string;
  safety: string;
  source: string;
  helpful: string;
  yes: string;
  no: string;
  thanks: string;
  reason: string;
  reasons: Record<string, string>;
  several: string;
  go: string;
  printCard: string;
  printed: string;
}

export const more: More = {
  cited: "Where the page says this",
  verbatim: "The page's own words",
  open: "See it on the page",
  safety: "General safety advice, not from the hospital's page.",
  source: "Source:",
  helpful: "Was this helpful?",
  yes: "Yes",
  no: "No",
  thanks: "Thank you. That helps us.",
  reason: "What was missing? You can skip this.",
  reasons: {
    other_question: "It is not what I asked",
    unclear: "It is hard to understand",
    too_little: "It does not say enough",
    wrong: "It does not seem right",
  },
  several: "Choose all that fit. Your own words are fine, too.",
  go: "Continue",
  printCard: "Print this card",
  printed: "Printed from the automated guide on",
};
