// What makes pages better where scripts run: parts that refresh themselves, lists that grow, keys, copying, local times, no
// double sending.

"use strict";

const OFTEN = 2000;
const SELDOM = 15000;

function localTimes(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    time.title = new Date(time.dateTime).toLocaleString();
  }
}

function copies(root) {
  for (const button of root.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copy);
      field.select();
      await navigator.clipboard.writeText(field.value);
      const said = button.textContent;
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = said; }, 1500);
    });
  }
}

// Only the words that changed are announced: the status line is a live region of its own, the table is not.
async function refresh(part) {
  const answer = await fetch(part.dataset.refresh, { headers: { Accept: "text/html" }, credentials: "same-origin" });
  if (answer.redirected || !answer.ok) {
    return;
  }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const inner = fresh.querySelector("[data-part]");
  const shown = part.querySelector("[data-part]");
  if (!inner || !shown || part.contains(document.activeElement) && inner.dataset.running === shown.dataset.running) {
    return;
  }
  if (inner.outerHTML !== shown.outerHTML) {
    shown.replaceWith(document.adoptNode(inner));
    localTimes(part);
  }
  const said = inner.dataset.status;
  const status = document.getElementById(part.dataset.status);
  if (status && status.textContent !== said) {
    status.textContent = said;
  }
}

function keepFresh(part) {
  const again = async () => {
    try {
      if (!document.hidden) {
        await refresh(part);
      }
    } catch {
      // The hub may be restarting; the next try tells.
    }
    const shown = part.querySelector("[data-part]");
    setTimeout(again, shown && shown.dataset.running === "yes" ? OFTEN : SELDOM);
  };
  const shown = part.querySelector("[data-part]");
  setTimeout(again, shown && shown.dataset.running === "yes" ? OFTEN : SELDOM);
}

for (const part of document.querySelectorAll("[data-refresh]")) {
  keepFresh(part);
}

for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    for (const button of form.querySelectorAll("button:not([type=button])")) {
      button.setAttribute("aria-disabled", "true");
    }
  });
}

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button[aria-disabled]")) {
      button.removeAttribute("aria-disabled");
    }
  }
});

for (const select of document.querySelectorAll("select[data-send]")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}

// The next page of a stream is put below what is there; a day that goes on is not said twice.
async function grow(link) {
  const answer = await fetch(link.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
  if (answer.redirected || !answer.ok) {
    location.assign(link.href);
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const stream = document.querySelector("[data-stream]");
  let first = null;
  for (const day of page.querySelectorAll("[data-stream] > [data-day]")) {
    const last = stream.lastElementChild;
    const events = [...day.querySelectorAll(".event")];
    first = first || events[0];
    if (last && last.dataset.day === day.dataset.day) {
      last.querySelector("ul").append(...events);
    } else {
      stream.append(document.adoptNode(day));
    }
  }
  const next = page.querySelector("a[data-more]");
  if (next) {
    link.href = next.getAttribute("href");
  } else {
    link.remove();
  }
  localTimes(stream);
  if (first) {
    first.tabIndex = -1;
    first.focus();
  }
}

for (const link of document.querySelectorAll("a[data-more]")) {
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    event.preventDefault();
    if (link.getAttribute("aria-disabled") === "true") {
      return;
    }
    link.setAttribute("aria-disabled", "true");
    try {
      await grow(link);
    } catch {
      location.assign(link.href);
    }
    link.removeAttribute("aria-disabled");
  });
}

// Keys of one letter work only while their part has the focus, so that they disturb nobody who dictates or types.
for (const part of document.querySelectorAll("[data-keys]")) {
  part.focus({ preventScroll: true });
  part.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) {
      return;
    }
    const button = part.querySelector(`button[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (button) {
      event.preventDefault();
      button.form.requestSubmit();
    }
  });
}

localTimes(document);
copies(document);
