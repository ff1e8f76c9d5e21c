/**
 * The widget's own words in English, as its first view needs them; more.ts has the others.
 * What is medical comes from the gateway. Spanish: es.ts, on demand.
 */

export interface Words {
  title: string;
  launch: string;
  sub: string;
  other: string;
  more: string;
  close: string;
  print: string;
  clear: string;
  log: string;
  hello: string;
  what: string;
  sources: string;
  names: string;
  ask: string;
  send: string;
  foot: string;
  call: string;
  clinic: string;
  emergency: string;
  steps: string;
  you: string;
  guide: string;
  looking: string;
  still: string;
  next: string;
  failed: string;
  callClinic: string;
  help: string;
  retry: string;
  offline: string;
  busy: string;
  long: string;
  sure: string;
  keep: string;
  cleared: string;
  notCleared: string;
}

export const en: Words = {
  title: "Infantile spasms guide",
  launch: "Questions? Ask here",
  sub: "Automated, not a person",
  other: "Español",
  more: "More: print, clear",
  close: "Close",
  print: "Print this conversation",
  clear: "Clear this conversation",
  log: "Conversation",
  hello: "Hello. I'm glad you are here.",
  what: "I am an automated guide to infantile spasms (IESS). You can ask me about the signs, causes, tests, treatment or help for your family.",
  sources:
    "I can't tell you what your baby has (a diagnosis). Every answer shows where the hospital's page says it.",
  names: "Please leave out names and other private details.",
  ask: "Type your question",
  send: "Send",
  foot: "Automated guide. Nobody is watching this chat.",
  call: "Call",
  clinic: "Clinic line",
  emergency: "Emergency",
  steps: "What to do",
  you: "You:",
  guide: "Guide:",
  looking: "Looking for the answer",
  still: "Still looking. Thank you for waiting.",
  next: "You can also ask",
  failed: "I cannot reach the service right now.",
  callClinic: "You can call the clinic line:",
  help: "- In an emergency, [call 911](tel:911).\n- If you think your baby may be having spasms, your baby needs care today. Call a doctor now, or go to an emergency room.",
  retry: "Try again",
  offline: "You are offline. Phone calls may still work.",
  busy: "Many people are asking right now. Please wait a moment, then try again.",
  long: "This message is long. Please ask one question in fewer words.",
  sure: "Clear this conversation? It will be deleted here and on our server.",
  keep: "Keep it",
  cleared: "The conversation was deleted, here and on our server.",
  notCleared: "It was deleted here. Our server did not answer, so it is not deleted there yet.",
};
