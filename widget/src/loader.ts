/**
 * `/widget/v1.js`, the one line of the hospital's page: it adds the widget of the day with the
 * hash of its content, so that a fix of the widget needs no edit of that page.
 */
declare const CHAT: [file: string, integrity: string];

const here = (document.currentScript as HTMLScriptElement).src;
const [file, integrity] = CHAT;
const address = new URL(file, here).href;
const types = (
  window as unknown as {
    trustedTypes?: {
      createPolicy(name: string, rules: { createScriptURL(url: string): string }): {
        createScriptURL(url: string): string;
      };
    };
  }
).trustedTypes;
const policy = types?.createPolicy("iess-chat", { createScriptURL: (url) => url });
const script = document.createElement("script");
script.type = "module";
script.crossOrigin = "anonymous";
script.integrity = integrity;
script.src = policy ? policy.createScriptURL(address) : address;
document.head.append(script);
