// Small helps, none of which is needed: what is found while somebody types, how sync stands, what is kept while somebody
// writes. Each asks this device and nothing else.
"use strict";

(() => {
  const PAUSE_TYPING_MS = 60;
  const PAUSE_STATUS_MS = 3000;
  const PAUSE_KEEPING_MS = 1500;
  // A crew that has typed all of a postcode waits for nothing: "AB1 2CD", with or without the space.
  const WHOLE_POSTCODE = /^\s*[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}\s*$/i;
  const part = { "X-Doorstep-Part": "1" };

  // Goes to what is wrong first.
  const wrong = document.getElementById("wrong");
  if (wrong) wrong.focus();

  // Finds while somebody types; the last question is the one that is answered.
  for (const input of document.querySelectorAll("input[data-part]")) {
    const into = document.getElementById(input.dataset.into);
    let timer = 0;
    let asked = null;
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        if (asked) asked.abort();
        asked = new AbortController();
        const body = new URLSearchParams(new FormData(input.form));
        try {
          const answer = await fetch(input.dataset.part, { method: "POST", body, headers: part, signal: asked.signal });
          if (answer.ok) into.innerHTML = await answer.text();
        } catch {
          // The form still works.
        }
      }, WHOLE_POSTCODE.test(input.value) ? 0 : PAUSE_TYPING_MS);
    });
  }

  // Says how sync stands, without taking the focus from anybody.
  const status = document.getElementById("status");
  if (status) {
    setInterval(async () => {
      if (document.hidden || status.contains(document.activeElement)) return;
      try {
        const answer = await fetch(status.dataset.live, { headers: part });
        if (!answer.ok) return;
        const made = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("status");
        if (!made) return;
        const back = made.querySelector("input[name=back]");
        if (back) back.value = location.pathname;
        if (made.textContent !== status.textContent) status.replaceChildren(...made.childNodes);
      } catch {
        // Said again in a moment.
      }
    }, PAUSE_STATUS_MS);
  }

  // Keeps what is written in a visit while it is written, and says so.
  for (const box of document.querySelectorAll("[data-keep]")) {
    const form = box.querySelector("form");
    const said = box.querySelector("[data-kept]");
    let timer = 0;
    const keep = async () => {
      clearTimeout(timer);
      timer = 0;
      try {
        const body = new URLSearchParams(new FormData(form));
        const answer = await fetch(box.dataset.keep, { method: "POST", body, headers: part, keepalive: true });
        if (answer.ok) said.textContent = said.dataset.kept;
      } catch {
        said.textContent = "";
      }
    };
    form.addEventListener("input", () => {
      said.textContent = "";
      clearTimeout(timer);
      timer = setTimeout(keep, PAUSE_KEEPING_MS);
    });
    form.addEventListener("submit", () => clearTimeout(timer));
    addEventListener("pagehide", () => { if (timer) keep(); });
  }
})();
