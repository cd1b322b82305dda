// Small helps, none of which is needed: what is found while somebody types, a firebox without a page's load, how sync stands,
// what is kept while somebody writes. Each asks this device and nothing else.
"use strict";

(() => {
  const PAUSE_TYPING_MS = 60;
  const PAUSE_STATUS_MS = 3000;
  const PAUSE_KEEPING_MS = 1500;
  // A crew that has typed all of a postcode waits for nothing: "AB1 2CD", with or without the space.
  const WHOLE_POSTCODE = /^\s*[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}\s*$/i;
  const part = { "X-Doorstep-Part": "1" };
  const read = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");

  // What a page needs as it comes, from the device or in place.
  function begin() {
    // Goes to what is wrong first.
    document.getElementById("wrong")?.focus();
    for (const input of document.querySelectorAll("input[data-part]")) findWhileTyping(input);
    for (const box of document.querySelectorAll("[data-keep]")) keepWhileWriting(box);
  }

  // The last question is the one that is answered.
  function findWhileTyping(input) {
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

  // Keeps what is written in a visit, and says so.
  function keepWhileWriting(box) {
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

  // A browser takes longer to leave one page for the next than the device takes to make a firebox, so a firebox takes the place
  // of what was found. What was typed stays in memory for the way back, and is in no address and no history.
  let turning = null;
  let shown = location.pathname;
  let typed = "";
  async function turn(href) {
    turning?.abort();
    turning = new AbortController();
    const answer = await fetch(href, { signal: turning.signal });
    if (!answer.ok || answer.redirected) throw new Error("the browser shows it");
    const made = await read(answer);
    document.title = made.title;
    document.body.replaceWith(document.adoptNode(made.body));
    shown = new URL(href).pathname;
    begin();
  }

  addEventListener("click", async (event) => {
    const link = event.target.closest?.("a.fire");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const { href } = link;
    typed = document.querySelector("input[data-part]")?.value ?? "";
    try {
      await turn(href);
      history.pushState(null, "", href);
      scrollTo(0, 0);
      document.getElementById("main").focus();
    } catch (error) {
      if (error.name !== "AbortError") location.assign(href);
    }
  });

  addEventListener("popstate", async () => {
    // A step within the page.
    if (location.pathname === shown) return;
    try {
      await turn(location.href);
      const input = document.querySelector("input[data-part]");
      if (!input) return;
      input.value = typed;
      input.focus();
      input.dispatchEvent(new Event("input"));
    } catch (error) {
      if (error.name !== "AbortError") location.reload();
    }
  });

  // Says how sync stands, without taking the focus from anybody.
  setInterval(async () => {
    const status = document.getElementById("status");
    if (!status || document.hidden || status.contains(document.activeElement)) return;
    try {
      const answer = await fetch(status.dataset.live, { headers: part });
      if (!answer.ok) return;
      const made = (await read(answer)).getElementById("status");
      if (!made) return;
      const back = made.querySelector("input[name=back]");
      if (back) back.value = location.pathname;
      if (made.textContent !== status.textContent) status.replaceChildren(...made.childNodes);
    } catch {
      // Said again in a moment.
    }
  }, PAUSE_STATUS_MS);

  begin();
})();
