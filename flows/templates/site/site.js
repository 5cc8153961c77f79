// The site's only script: filters and sorts tables, searches the list of articles, walks through removals.
// Text of pages is set as text, never as HTML.
"use strict";

const byId = (id) => document.getElementById(id);
const PAGE = 100;

function filterTables() {
  for (const input of document.querySelectorAll("[data-filter]")) {
    const rows = [...byId(input.dataset.filter).tBodies[0].rows];
    const texts = rows.map((row) => row.textContent.toLowerCase());
    const status = byId(`${input.dataset.filter}-count`);
    input.closest(".filter").hidden = rows.length < 8;
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      rows.forEach((row, number) => {
        row.hidden = !words.every((word) => texts[number].includes(word));
        shown += !row.hidden;
      });
      status.textContent = words.length ? `${shown} of ${rows.length}` : "";
    });
  }
}

function sortKey(cell) {
  const text = cell.textContent.trim();
  const number = parseFloat(text.replaceAll(",", ""));
  if (!cell.classList.contains("n")) return text.toLowerCase();
  const minutes = text.match(/^(\d+) min (\d+) s$/);
  return minutes ? minutes[1] * 60 + +minutes[2] : Number.isNaN(number) ? -Infinity : number;
}

function sortTables() {
  for (const table of document.querySelectorAll("table[data-sortable]")) {
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const first = head.classList.contains("n") ? "descending" : "ascending";
        const other = first === "descending" ? "ascending" : "descending";
        const order = head.getAttribute("aria-sort") === first ? other : first;
        for (const cell of table.tHead.rows[0].cells) cell.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", order);
        const sign = order === "ascending" ? 1 : -1;
        const rows = [...table.tBodies[0].rows].map((row) => [sortKey(row.cells[column]), row]);
        rows.sort(([a], [b]) => sign * (a < b ? -1 : a > b ? 1 : 0));
        table.tBodies[0].append(...rows.map(([, row]) => row));
      });
    });
  }
}

const ORDERS = {
  "": (a, b) => (a.quality ?? -1) - (b.quality ?? -1),
  best: (a, b) => (b.quality ?? -1) - (a.quality ?? -1),
  padded: (a, b) => (b.padding ?? -1) - (a.padding ?? -1),
  removed: (a, b) => b.removed - a.removed,
  newest: (a, b) => (a.date < b.date ? 1 : a.date > b.date ? -1 : 0),
  longest: (a, b) => b.words - a.words,
};

function listArticles() {
  const form = byId("search");
  if (!form || !window.winnow) return;
  const sources = window.winnow.sources;
  const articles = window.winnow.rows.map(
    ([page, title, source, date, status, language, quality, padding, words, removed, flags, run]) => ({
      page, title, source: sources[source][0], sourcePage: sources[source][1], date, status, language, quality, padding,
      words, removed, flags, run, text: `${title} ${sources[source][0]}`.toLowerCase(),
    }),
  );
  const counted = (values) => {
    const counts = new Map();
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  };
  const offer = (name, values) => {
    for (const [value, count] of counted(values)) {
      form.elements[name].append(new Option(`${value || "unknown"} (${count.toLocaleString("en")})`, value || "?"));
    }
  };
  offer("source", articles.map((article) => article.source));
  offer("flag", articles.flatMap((article) => article.flags));
  offer("status", articles.map((article) => article.status));
  offer("language", articles.map((article) => article.language));

  const body = byId("articles").tBodies[0];
  const more = byId("more");
  let found = [];
  let run = "";
  const cell = (row, text, className = "") => {
    const made = row.insertCell();
    made.textContent = text;
    made.className = className;
    return made;
  };
  const linked = (parent, text, href) => {
    const made = document.createElement(href ? "a" : "span");
    if (href) made.href = href;
    made.textContent = text;
    made.dir = "auto";
    parent.append(made);
  };
  const score = (value) => (value === null ? "–" : value.toFixed(2));
  const show = () => {
    const start = body.rows.length;
    for (const article of found.slice(start, start + PAGE)) {
      const row = body.insertRow();
      const head = document.createElement("th");
      head.scope = "row";
      row.append(head);
      linked(head, article.title, article.page && `article/${article.page}`);
      linked(cell(row, ""), article.source, `source/${article.sourcePage}`);
      cell(row, article.date || article.status, "date");
      cell(row, article.language || "–");
      cell(row, article.words.toLocaleString("en"), "n");
      cell(row, score(article.quality), "n");
      cell(row, score(article.padding), "n");
      cell(row, `${(article.removed * 100).toFixed(article.removed && article.removed < 0.1 ? 1 : 0)}%`, "n");
      cell(row, article.flags.join(", "));
    }
    more.hidden = body.rows.length >= found.length;
  };
  const search = () => {
    const wanted = new FormData(form);
    const words = wanted.get("q").toLowerCase().split(/\s+/).filter(Boolean);
    const is = (name, value) => !wanted.get(name) || wanted.get(name) === (value || "?");
    found = articles.filter(
      (article) =>
        words.every((word) => article.text.includes(word)) &&
        is("source", article.source) && is("status", article.status) && is("language", article.language) &&
        (!wanted.get("flag") || article.flags.includes(wanted.get("flag"))) && (!run || article.run === run),
    );
    found.sort(ORDERS[wanted.get("order")] ?? ORDERS[""]);
    body.replaceChildren();
    show();
    const of = found.length === articles.length ? "" : ` of ${articles.length.toLocaleString("en")}`;
    byId("found").textContent = `${found.length.toLocaleString("en")}${of} articles${run ? ", last published by one run" : ""}`;
  };
  const fromAddress = () => {
    const asked = new URLSearchParams(location.hash.slice(1));
    for (const name of ["q", "source", "flag", "status", "language", "order"]) {
      const value = asked.get(name) ?? "";
      const field = form.elements[name];
      field.value = value;
      if (field.value !== value) field.value = "";
    }
    run = asked.get("run") ?? "";
    search();
  };
  const toAddress = () => {
    const chosen = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    if (run) chosen.set("run", run);
    history.replaceState(null, "", chosen.size ? `#${chosen}` : location.pathname);
    search();
  };
  form.hidden = byId("articles").hidden = false;
  form.addEventListener("input", toAddress);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => {
    run = "";
    setTimeout(toAddress);
  });
  more.addEventListener("click", () => {
    const next = body.rows.length;
    show();
    body.rows[next]?.querySelector("a")?.focus();
  });
  window.addEventListener("hashchange", fromAddress);
  fromAddress();
}

function walkRemovals() {
  const text = document.querySelector(".original");
  if (!text) return;
  const tip = byId("tip");
  const tools = document.querySelector(".tools");
  tools.hidden = false;
  const removed = [...text.querySelectorAll("del[title]")];
  const says = new Map(removed.map((span) => [span, span.title]));
  for (const span of removed) span.removeAttribute("title"); // the tip says it, at once and for the keyboard too
  const tell = (span) => {
    tip.textContent = span ? says.get(span) : "";
    tip.hidden = !span;
  };
  const spanOf = (event) => event.target.closest("del[class*='k-']");
  text.addEventListener("focusin", (event) => tell(spanOf(event)));
  text.addEventListener("focusout", () => tell(null));
  text.addEventListener("mouseover", (event) => tell(spanOf(event) ?? spanOf({ target: document.activeElement })));
  text.addEventListener("mouseleave", () => tell(spanOf({ target: document.activeElement })));
  const step = (by) => {
    const open = removed.filter((span) => span.offsetParent !== null);
    if (!open.length) return;
    const at = open.indexOf(document.activeElement);
    const next = open[at < 0 ? (by > 0 ? 0 : open.length - 1) : (at + by + open.length) % open.length];
    next.focus();
    next.scrollIntoView({ block: "center" });
  };
  byId("next").addEventListener("click", () => step(1));
  byId("previous").addEventListener("click", () => step(-1));
  byId("next").disabled = byId("previous").disabled = !removed.length;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "Escape") tell(null);
  });
  byId("clean").addEventListener("change", (event) => {
    text.classList.toggle("hide-all", event.target.checked);
    tell(null);
  });
  for (const box of document.querySelectorAll("[data-kind]")) {
    box.disabled = false;
    box.addEventListener("change", () => {
      for (const span of text.querySelectorAll(`.${CSS.escape(box.dataset.kind)}`)) span.hidden = !box.checked;
    });
  }
}

filterTables();
sortTables();
addEventListener("DOMContentLoaded", listArticles); // after articles.js, which is deferred too
walkRemovals();
