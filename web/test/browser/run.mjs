// Runs the tests of the files that are named, in one process and one browser: one of
// each for every file would cost a tenth of what the tests compute.
for (const name of process.argv.slice(2)) await import(`./${name}.test.mjs`);
