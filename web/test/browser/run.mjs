// Runs the tests of the files that are named, in one process and one browser, whose
// pages they share: see visit in browser.mjs.
for (const name of process.argv.slice(2)) await import(`./${name}.test.mjs`);
