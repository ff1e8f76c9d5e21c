// The plain chat page. Text from the network only ever becomes text nodes.
const log = document.getElementById("log");
const form = document.getElementById("form");
const box = document.getElementById("text");
const STARTERS = ["What are the signs of infantile spasms?", "How is IESS diagnosed?", "How is IESS treated?", "How do I make an appointment?"];
const WORDS = {
  en: { ask: "Type your question", send: "Send", sources: "Where the page says this", safety: "General safety advice, not from the hospital's page. Source: ",
        failed: "I could not reach the service. If your child is in danger, call 911. Please try again." },
  es: { ask: "Escriba su pregunta", send: "Enviar", sources: "Dónde lo dice la página", safety: "Consejo general de seguridad; no es de la página del hospital. Fuente: ",
        failed: "No pude conectar con el servicio. Si su bebé está en peligro, llame al 911. Intente otra vez." },
};
let conversation = null;
let lang = "en";

function element(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

// [label](address) becomes a link where the address is one we trust to be one.
function inline(text) {
  return text.split(/(\[[^\]]+\]\((?:https?:|tel:|sms:)[^)\s]+\))/).map((piece) => {
    const link = /^\[([^\]]+)\]\(([^)\s]+)\)$/.exec(piece);
    if (!link) return piece;
    const anchor = element("a", "", link[1]);
    anchor.setAttribute("href", link[2]);
    return anchor;
  });
}

function blocks(text) {
  const nodes = [];
  for (const part of text.split(/\n{2,}/)) {
    let list = null;
    for (const line of part.split("\n")) {
      if (line.startsWith("- ")) {
        if (!list) nodes.push((list = element("ul", "")));
        list.append(element("li", "", ...inline(line.slice(2))));
      } else if (line.trim()) {
        list = null;
        nodes.push(element("p", "", ...inline(line)));
      }
    }
  }
  return nodes;
}

function buttons(list) {
  return element("ul", "buttons", ...list.map((item) => {
    const button = element("button", "", item.title);
    button.type = "button";
    button.addEventListener("click", () => send(item.text));
    return element("li", "", button);
  }));
}

function show(message, urgency) {
  const bubble = element("section", `bubble bot ${message.kind} ${message.kind === "safety" ? urgency : ""}`, ...blocks(message.text));
  if (message.kind === "safety" && urgency === "emergency") bubble.setAttribute("role", "alert");
  if (message.notice) bubble.append(element("p", "notice", ...inline(message.notice)));
  if (message.citations.length) {
    const quotes = message.citations.flatMap((c) => [element("blockquote", "", c.quote), element("cite", "", c.section)]);
    bubble.append(element("details", "", element("summary", "", WORDS[lang].sources), ...quotes));
  }
  if (message.sources.length) {
    bubble.append(element("small", "", WORDS[lang].safety + message.sources.map((s) => s.publisher).join(", ")));
  }
  if (message.buttons.length) bubble.append(buttons(message.buttons));
  bubble.lang = lang;
  log.append(bubble);
  return bubble;
}

async function send(text) {
  if (!text.trim()) return;
  log.append(element("section", "bubble family", element("p", "", text)));
  box.value = "";
  try {
    const response = await fetch("/api/messages", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ conversation, text, channel: "web" }),
    });
    const reply = await response.json();
    if (reply.error) {
      log.append(element("section", "bubble bot", element("p", "", reply.error.message), element("p", "", reply.emergency)));
    } else {
      conversation = reply.conversation;
      lang = reply.lang;
      box.placeholder = WORDS[lang].ask;
      form.querySelector("button").textContent = WORDS[lang].send;
      const shown = reply.messages.map((message) => show(message, reply.urgency));
      shown[0]?.scrollIntoView({ block: "start" });
    }
  } catch {
    log.append(element("section", "bubble bot", element("p", "", WORDS[lang].failed)));
  }
  box.focus();
}

form.addEventListener("submit", (event) => { event.preventDefault(); send(box.value); });
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); send(box.value); }
});
document.getElementById("starters").replaceWith(buttons(STARTERS.map((text) => ({ title: text, text }))));
