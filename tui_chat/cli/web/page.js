// What the page does beside showing the terminal: it keeps the tab's secret, has the keys, and says what happened.
"use strict";

const NO_KEY = "This page opens with the link that tui-chat serve has printed.";
const UNREACHABLE = "tui-chat cannot be reached. If tui-chat serve has ended, start it again and open its new link.";

const { secret: given, sentence: refusal } = document.currentScript.dataset;
history.replaceState(null, "", "/"); // no key stays in the address bar, nor anything that the terminal would act on
if (given) {
  sessionStorage.setItem("secret", given); // this tab's own, which pages of other ports cannot read
}
const secret = refusal ? null : sessionStorage.getItem("secret");

function say(sentence, again) {
  document.getElementById("sentence").textContent = sentence;
  document.getElementById("again").hidden = !again;
  document.getElementById("said").hidden = false;
}

function takeKeys(socket) {
  document.querySelector(".xterm-helper-textarea").focus();
  if (document.hasFocus()) {
    socket.send(JSON.stringify(["focus"])); // the page may have had the focus before there was anybody to tell
  }
}

// The terminal makes its own socket, and tells nobody of it.
window.WebSocket = class extends WebSocket {
  constructor(url) {
    super(url);
    this.addEventListener("open", () => takeKeys(this));
    this.addEventListener("close", (event) => say(event.reason || UNREACHABLE, true));
  }
};

document.addEventListener("DOMContentLoaded", () => {
  document.getElementById("again").addEventListener("click", () => location.reload());
  const terminal = document.getElementById("terminal");
  if (secret) {
    terminal.dataset.sessionWebsocketUrl = `ws://${location.host}/tab/${secret}`;
  } else {
    terminal.remove();
    say(refusal || NO_KEY, false);
  }
});
