/* Splits a query as `split` in docs/website/search.py splits the pages: Chinese into pairs.
   A pair that begins in one word and ends in the next may be on no page (证续 in 许可证续期): such
   pairs are left out until a page has all that remain. Each character stays in one of them. */
var splitQuery = (query) => {
  const words = query.match(/[HAN]+|(?:(?![HAN])[\p{L}\p{N}_])+/gu) || [];
  return words.flatMap((word) =>
    word.length < 3 || !/^[HAN]/u.test(word) ? [word] : neededPairs(pairsOf(word)),
  );
};

const pairsOf = (word) =>
  Array.from({ length: word.length - 1 }, (_, at) => word.slice(at, at + 2));

const pagesWith = (pair) =>
  new Set([Search._index.terms, Search._index.titleterms].flatMap((found) => found[pair] ?? []));

const neededPairs = (pairs) => {
  const pages = pairs.map(pagesWith);
  const kept = new Set(pairs.keys());
  const isFound = () =>
    [...pages[0]].some((page) => [...kept].every((at) => pages[at].has(page)));
  const rarest = [...pairs.keys()].slice(1, -1).sort((a, b) => pages[a].size - pages[b].size);
  for (const at of rarest) {
    if (isFound()) break;
    if (kept.has(at - 1) && kept.has(at + 1)) kept.delete(at);
  }
  return [...kept].map((at) => pairs[at]);
};
