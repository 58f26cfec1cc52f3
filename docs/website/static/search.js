"use strict";
/* The search. `PAGES` (pages.js) has the words of every page: what is asked for is looked for there,
   and no other file is read, so that it works where the site was opened as a folder.

   A page is found by two fifths of the words or more, the better the fewer pages have them and the nearer
   to its title they stand. Chinese has no spaces, so each pair of characters counts as a word. */

const EMPTY = new Set(
  ("a an and are as at be by can do does for from how i in is it its long me my of on or our should" +
    " so that the their this to use want we what when where which who why with you your").split(" "),
);
const EMPTY_HAN = /怎么样?|怎样|如何|什么|哪些|哪个|多久|多长|自己|使用|一[条个项种]|吗|呢|的|我/g;
const HAN = /\p{Script=Han}/u;
const WORD = /\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}_])+/gu;
const PLACES = { words: 6, title: 5, heading: 3, text: 1 };
const FEWEST = 0.4;
const MOST = 30;

const pairs = (run) =>
  run.length < 3 ? [run] : Array.from({ length: run.length - 1 }, (_, at) => run.slice(at, at + 2));

/* Waivers, waived and waive are one word: endings are cut off, and what begins alike is the same. */
const stem = (word) => (word.length > 4 ? word.replace(/(?:ing|ed|es|s|e)$/, "") : word);

const termsOf = (query) => {
  const all = query.toLowerCase().replace(EMPTY_HAN, " ").match(WORD) ?? [];
  const told = all.filter((word) => !EMPTY.has(word));
  return [...new Set((told.length ? told : all).flatMap((w) => (HAN.test(w) ? pairs(w) : stem(w))))];
};

const patternOf = (term) =>
  new RegExp(HAN.test(term) ? term : `(?<![\\p{L}\\p{N}])${term}`, "giu");

const placeOn = (page, pattern) => {
  const [, title, , words, sections] = page;
  const has = (text) => text.search(pattern) >= 0;
  if (words.some(has)) return PLACES.words;
  if (has(title)) return PLACES.title;
  if (sections.some(([, heading]) => has(heading))) return PLACES.heading;
  return sections.some(([, , text]) => has(text)) ? PLACES.text : 0;
};

/* Returns the pages that are found, the best first, each with the section that has most of it. */
const found = (query) => {
  const asked = termsOf(query);
  const terms = asked.map((term) => {
    const pattern = patternOf(term);
    const places = PAGES.map((page) => placeOn(page, pattern));
    const count = places.filter((place) => place).length;
    return { pattern, places, rare: Math.log(1 + PAGES.length / (1 + count)) };
  });
  const scored = PAGES.map((page, at) => {
    const matched = terms.filter(({ places }) => places[at]);
    const share = matched.length / terms.length;
    const sum = matched.reduce((all, { places, rare }) => all + rare * places[at], 0);
    const named = page[3].some((words) => `${termsOf(words)}` === `${asked}`);
    return { page, share, score: (sum * share + (named ? 100 : 0)) * page[2] };
  });
  return scored
    .filter(({ share }) => share >= FEWEST)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST)
    .map(({ page }) => ({ name: page[0], title: page[1], ...best(page[4], terms) }));
};

const best = (sections, terms) => {
  const score = ([, heading, text]) =>
    terms.reduce((all, { pattern, rare }) => {
      const place = heading.search(pattern) >= 0 ? PLACES.heading : text.search(pattern) >= 0 ? 1 : 0;
      return all + rare * place;
    }, 0);
  const most = Math.max(...sections.map(score));
  const [anchor, heading, text] = sections.find((section) => score(section) === most);
  return { anchor, heading, excerpt: excerpt(text, terms) };
};

/* Returns the words among which most of those that are asked stand, else the beginning. */
const excerpt = (text, terms) => {
  const room = HAN.test(text) ? 90 : 200;
  const told = (at) => {
    const words = text.slice(at, at + (room * 3) / 4);
    return terms.reduce((all, { pattern, rare }) => all + (words.search(pattern) >= 0 ? rare : 0), 0);
  };
  const places = terms.flatMap(({ pattern }) => [
    ...text.matchAll(new RegExp(pattern.source, "giu")),
  ]);
  const starts = places.map(({ index }) => index).sort((a, b) => a - b);
  const first = starts.reduce((best, at) => (told(at) > told(best) ? at : best), starts[0] ?? 0);
  const from = Math.max(0, first - room / 4);
  const start = from ? Math.max(0, text.slice(0, from).search(/[^\p{L}\p{N}][\p{L}\p{N}]*$/u)) : 0;
  const cut = text.slice(start, start + room).trim();
  return (start ? "… " : "") + cut + (start + room < text.length ? " …" : "");
};

const show = (results, query, out) => {
  const { dataset } = out;
  const count = out.appendChild(document.createElement("p"));
  count.setAttribute("role", "status");
  count.textContent = results.length ? dataset.found.replace("{n}", results.length) : dataset.none;
  if (!results.length) return;
  const list = out.appendChild(document.createElement("ol"));
  const marks = termsOf(query).map((term) => patternOf(term).source);
  const either = marks.length ? new RegExp(`(${marks.join("|")})`, "giu") : null;
  for (const { name, title, anchor, heading, excerpt } of results) {
    const item = list.appendChild(document.createElement("li"));
    const link = item.appendChild(document.createElement("a"));
    link.href = `${name}.html${anchor && `#${anchor}`}`;
    link.textContent = heading === title ? title : `${title} › ${heading}`;
    const words = item.appendChild(document.createElement("p"));
    for (const [at, part] of excerpt.split(either ?? /$^/).entries()) {
      if (at % 2) words.appendChild(document.createElement("mark")).textContent = part;
      else words.append(part);
    }
  }
};

if (typeof document !== "undefined") {
  const query = new URLSearchParams(window.location.search).get("q") ?? "";
  document.querySelectorAll('input[name="q"]').forEach((field) => (field.value = query));
  if (query.trim()) show(found(query), query, document.getElementById("search-results"));
}
