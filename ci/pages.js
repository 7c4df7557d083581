// Opens pages in a browser without a window, looks at each as ci/test_pages.sh says, and prints a line a
// check: "ok" or "not ok", the page, and what is wrong.
//
//   node ci/pages.js MODULES LIST OUT     LIST: a line a page: NAME FILE CHECK..., files as seen from LIST
//
// Every page is looked at for: errors on the console, requests, links, headings, overflow, contrast and all
// else that axe-core calls serious or critical, in light and dark, on a wide and on a narrow screen; what is
// there without JavaScript; the keyboard; and what is printed. CHECK may be `sort` or `filter`; `ask`: questions
// say what is right and wrong, by keyboard; `open`: what is closed opens, and a link opens its target. With `files`
// the page may ask for files beside it.
'use strict';

const fs = require('fs');
const path = require('path');

const [modules, list, out] = process.argv.slice(2);
const { chromium } = require(path.resolve(modules, 'playwright-core'));
const axe = fs.readFileSync(path.resolve(modules, 'axe-core', 'axe.min.js'), 'utf8');
const WIDE = 1280, NARROW = 390, HEIGHT = 900;
const REVEALED = 20000, PATIENCE = 300000; // milliseconds: a page that never comes is wrong, and a slow machine is not

function tell(name, what, wrong) {
	const why = wrong.slice(0, 5).join('; ');
	console.log(wrong.length ? `not ok - ${name}: ${what}: ${why}` : `ok - ${name}: ${what}`);
}

// A page with what went wrong while it was there.
async function open(browser, url, options) {
	const page = await browser.newPage(Object.assign({ viewport: { width: WIDE, height: HEIGHT } }, options));
	page.setDefaultTimeout(PATIENCE);
	page.errors = [];
	page.requests = [];
	page.on('console', (message) => { if (message.type() === 'error') page.errors.push(message.text()); });
	page.on('pageerror', (error) => page.errors.push(error.message));
	page.on('request', (request) => {
		if (request.url() !== url && !request.url().startsWith('data:')) page.requests.push(request.url());
	});
	await page.goto(url, { waitUntil: 'load' });
	return page;
}

// Links that lead nowhere: to an element that is not there, to a file that is not, or away.
function deadLinks(page, file) {
	return page.evaluate(() => Array.from(document.querySelectorAll('a[href]'))
		.map((link) => link.getAttribute('href')))
		.then(async (links) => {
			const dead = [];
			for (const link of new Set(links)) {
				const [target, id] = link.split('#');
				if (/^[a-z]+:/.test(target)) continue;
				const there = target ? fs.existsSync(path.join(path.dirname(file), target))
					: await page.evaluate((i) => document.getElementById(i) !== null, id);
				if (!there) dead.push(link);
			}
			return dead;
		});
}

function overflow(page) {
	return page.evaluate(() => {
		const wide = document.documentElement.scrollWidth, width = document.documentElement.clientWidth;
		return wide > width ? [`${wide} of ${width} pixels`] : [];
	});
}

// Levels of headings that are left out, or more than one at the top.
function headings(page) {
	return page.evaluate(() => {
		const wrong = [];
		let before = 0, first = 0;
		document.querySelectorAll('h1, h2, h3, h4, h5, h6').forEach((heading) => {
			const level = Number(heading.tagName[1]);
			if (level > before + 1) wrong.push(`${heading.tagName} ${heading.textContent}`);
			first += level === 1;
			before = level;
		});
		if (first !== 1) wrong.push(`${first} of the first level`);
		return wrong;
	});
}

async function accessible(page) {
	await page.evaluate(axe);
	const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'], preload: false }));
	return found.violations.filter((one) => one.impact === 'serious' || one.impact === 'critical')
		.map((one) => `${one.id} (${one.impact}, ${one.nodes.length}): ${one.nodes[0].target}`);
}

// The first key goes to a link, and what has the focus is seen to have it.
async function keyboard(page) {
	const wrong = [];
	for (let i = 0; i < 3; i++) {
		await page.keyboard.press('Tab');
		const seen = await page.evaluate(() => {
			const at = document.activeElement, style = getComputedStyle(at);
			return { name: at.tagName,
				outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 };
		});
		if (seen.name === 'BODY') wrong.push(`key ${i + 1} goes nowhere`);
		else if (!seen.outline) wrong.push(`${seen.name} shows no focus`);
	}
	return wrong;
}

// Sorting by the second column and once more turns the order of the rows around.
function sort(page) {
	return page.evaluate(() => {
		const wrong = [];
		document.querySelectorAll('table.sortable').forEach((table) => {
			const header = table.tHead.rows[0].cells[table.tHead.rows[0].cells.length - 1];
			const order = () => Array.from(table.tBodies[0].rows).map(
				(row) => parseFloat(row.cells[header.cellIndex].textContent));
			const name = table.caption.textContent, button = header.querySelector('button');
			if (!button) return wrong.push(`${name}: no button`);
			for (const down of [true, false]) {
				button.click();
				const now = order().filter((value) => !isNaN(value));
				if (!now.every((value, i) => !i || (down ? now[i - 1] >= value : now[i - 1] <= value)))
					wrong.push(`${name}: ${now.slice(0, 6)}`);
				if (header.getAttribute('aria-sort') !== (down ? 'descending' : 'ascending'))
					wrong.push(`${name}: aria-sort`);
			}
		});
		return document.querySelectorAll('table.sortable').length ? wrong : ['no table to sort'];
	});
}

// Each field hides what does not hold its text, says how many are left, and shows all when it is empty; a link
// to what is hidden shows it.
async function filter(page) {
	const wrong = [], fields = await page.$$('.filter input');
	for (const field of fields) {
		const count = () => field.evaluate((input) => {
			const whole = input.closest('.filter').nextElementSibling;
			const items = Array.from(whole.querySelectorAll(whole.dataset.items));
			const text = items[items.length - 1].textContent.trim().split(/\s+/)[0];
			return { all: items.length, shown: items.filter((item) => item.getClientRects().length).length, text,
				says: input.closest('.filter').querySelector('[role=status]').textContent };
		});
		const before = await count();
		await field.fill('no such text anywhere');
		const none = await count();
		await field.fill(before.text);
		const some = await count();
		await field.fill('');
		const after = await count();
		if (none.shown !== 0 || some.shown < 1 || after.shown !== after.all || before.shown !== before.all)
			wrong.push(`${before.shown} ${none.shown} ${some.shown} ${after.shown} of ${before.all}`);
		if (some.says !== `${some.shown} of ${some.all}`) wrong.push(`says ${some.says}`);
	}
	if (!fields.length) wrong.push('no field');
	const last = fields[fields.length - 1], link = await page.$('a[href^="#c"]');
	if (last && link) {
		const id = (await link.getAttribute('href')).slice(1);
		await last.fill('no such text anywhere');
		await page.evaluate((hash) => { location.hash = hash; }, id);
		if (!(await page.waitForFunction((i) => document.getElementById(i).getClientRects().length, id,
			{ timeout: REVEALED }).catch(() => false))) wrong.push('a link to what is hidden does not show it');
		await last.fill('');
	}
	return wrong;
}

// What is seen without JavaScript is all that there is; what is closed opens.
async function withoutScript(browser, url) {
	const page = await open(browser, url, { javaScriptEnabled: false });
	if (await page.locator('summary').count()) await page.locator('summary').first().click();
	const wrong = page.errors.slice(), text = await page.locator('main').innerText();
	if (text.length < 200) wrong.push(`${text.length} characters`);
	await page.close();
	return wrong;
}

// What is right, as the page of answers says it: { id: { verdict, lines } }. "violation: KIND, lock a, line 25 (or
// 22, 24)".
async function rightAnswers(page, url) {
	const answers = {}, at = url.replace(/#.*/, ''), other = await page.context().browser().newPage();
	await other.goto(at, { waitUntil: 'load' });
	for (const [id, text] of await other.$$eval('details > [id]', (all) => all.map((one) =>
		[one.id, one.querySelector('.verdict') ? one.querySelector('.verdict').textContent.trim() : '']))) {
		const lines = Array.from(text.matchAll(/line (\d+)[^(;]*(?:\(or ([\d, ]+)\))?/g));
		answers[id] = { verdict: text.split(':')[0],
			lines: lines.flatMap((line) => [line[1]].concat(line[2] ? line[2].split(', ') : [])) };
	}
	await other.close();
	return answers;
}

// The focus by the keyboard alone: Tab until it is in the form.
async function tabTo(page, form) {
	for (let i = 0; i < 80; i++) {
		if (await form.evaluate((one) => one.contains(document.activeElement))) return true;
		await page.keyboard.press('Tab');
	}
	return false;
}

// Says one answer in a form by keyboard; returns what it is told.
async function say(page, form, verdict, line) {
	await form.$eval('input[type=radio]', (input) => input.focus());
	await page.keyboard.press('Space');
	if (verdict === 'violation') {
		await page.keyboard.press('ArrowRight');
		await page.keyboard.press('Tab');
		await page.keyboard.press('Control+A');
		await page.keyboard.press('Delete');
		await page.keyboard.type(line);
	}
	await page.keyboard.press('Enter');
	return form.$eval('.told', (told) => told.textContent);
}

// Each question is told the wrong verdict, a wrong line, and what is right, in this order; every second one what is
// right first.
async function ask(page) {
	const wrong = [], forms = await page.$$('form[data-right]'), good = [];
	const cannot = (form) => form.$eval('.told', () => false).catch(() => true);
	if (!forms.length) return ['no question'];
	if (await cannot(forms[0])) return ['says nothing'];
	const where = await forms[0].evaluate((form) => new URL(form.dataset.answer, location.href).href);
	const answers = await rightAnswers(page, where);
	await page.evaluate(() => { document.activeElement.blur(); window.scrollTo(0, 0); });
	if (!await tabTo(page, forms[0])) wrong.push('no way by Tab');
	await page.keyboard.press('Enter');
	if (!/Choose/.test(await forms[0].$eval('.told', (told) => told.textContent))) wrong.push('chooses by itself');
	for (const [i, form] of forms.entries()) {
		const id = await form.evaluate((one) => one.closest('[id]').id), right = answers[id];
		if (!right) return [`no answer to ${id}`];
		const other = right.verdict === 'pass' ? 'violation' : 'pass';
		const sayRight = () => say(page, form, right.verdict, right.lines[right.lines.length - 1]);
		if (i % 2) good.push(await sayRight());
		const no = await say(page, form, other, '25');
		if (!/^Wrong: it/.test(no)) wrong.push(`${id}: ${other}: ${no}`);
		if (right.verdict === 'violation') {
			const line = await say(page, form, 'violation', '999');
			if (!/line 999 is not where/.test(line)) wrong.push(`${id}: line 999: ${line}`);
		}
		const yes = await sayRight();
		if (!/^Right\./.test(yes)) wrong.push(`${id}: ${right.verdict} ${right.lines}: ${yes}`);
		const link = await form.$eval('.told a', (a) => a.getAttribute('href'));
		if (!link.endsWith(`#${id}`)) wrong.push(`${id}: leads to ${link}`);
		if (i === forms.length - 1 && await form.evaluate((one) => one.closest('.quiz') !== null)) {
			const score = `${forms.length} of ${forms.length} answered, ${good.length} right at once`;
			if (!yes.includes(score)) wrong.push(`score: ${yes}`);
		}
	}
	if (good.some((text) => !/^Right\./.test(text))) wrong.push(`right at once: ${good}`);
	await page.emulateMedia({ media: 'print' });
	if (await page.locator('.answer, .told').filter({ visible: true }).count()) wrong.push('answers are printed');
	await page.emulateMedia({ media: null });
	return wrong;
}

// What is closed opens by keyboard, by the button for all, by a link to what is in it, and when it is printed.
async function open_(page) {
	const wrong = [], shown = () => page.$$eval('details', (all) => all.filter((one) => one.open).length);
	const all = await page.$$('details'), button = await page.$('.opener button');
	if (!all.length || !button) return ['nothing to open'];
	if (await shown()) wrong.push(`${await shown()} open at first`);
	await all[0].$eval('summary', (summary) => summary.focus());
	await page.keyboard.press('Enter');
	if (await shown() !== 1) wrong.push('not by the keyboard');
	await page.keyboard.press('Enter');
	await button.click();
	if (await shown() !== all.length) wrong.push(`all: ${await shown()} of ${all.length}`);
	await button.click();
	const id = await all[all.length - 1].$eval('[id]', (one) => one.id);
	await page.evaluate((hash) => { location.hash = hash; }, id);
	if (!(await page.waitForFunction((i) => document.getElementById(i).getClientRects().length, id,
		{ timeout: REVEALED }).catch(() => false))) wrong.push('not by a link');
	await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
	if (await shown() !== all.length) wrong.push('not when printed');
	return wrong;
}

const MORE = { sort, filter, ask, open: open_ };

async function look(browser, name, file, checks) {
	const url = `file://${file}`, screen = await open(browser, url, { colorScheme: 'light' });
	const beside = checks.includes('files') ? `file://${path.dirname(file)}/` : null;
	const shot = (page, what) => page.screenshot({ path: path.join(out, `${name}-${what}.png`) });

	tell(name, 'links', await deadLinks(screen, file));
	tell(name, 'headings', await headings(screen));
	tell(name, 'keyboard', await keyboard(screen));
	tell(name, `width of ${WIDE}`, await overflow(screen));
	tell(name, 'axe, light', await accessible(screen));
	await shot(screen, 'light');
	for (const check of checks.filter((one) => one !== 'files')) tell(name, check, await MORE[check](screen));
	await screen.pdf({ path: path.join(out, `${name}.pdf`), preferCSSPageSize: true });
	const dark = await open(browser, url, { colorScheme: 'dark' });
	tell(name, 'axe, dark', await accessible(dark));
	await shot(dark, 'dark');
	const narrow = await open(browser, url, { viewport: { width: NARROW, height: HEIGHT } });
	tell(name, `width of ${NARROW}`, await overflow(narrow));
	await shot(narrow, 'narrow');
	tell(name, 'without JavaScript', await withoutScript(browser, url));
	const pages = [screen, dark, narrow];
	tell(name, 'console', pages.flatMap((page) => page.errors));
	tell(name, 'requests', pages.flatMap((page) => page.requests)
		.filter((request) => !beside || !request.startsWith(beside) || !fs.existsSync(request.slice(7))));
	for (const page of pages) await page.close();
}

(async () => {
	const root = process.getuid() === 0 ? ['--no-sandbox'] : [];
	const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: root,
		timeout: PATIENCE });
	try {
		for (const line of fs.readFileSync(list, 'utf8').split('\n').filter((text) => text.trim())) {
			const [name, file, ...checks] = line.trim().split(/\s+/);
			await look(browser, name, path.resolve(path.dirname(list), file), checks);
		}
	} finally {
		await browser.close();
	}
})().catch((error) => {
	console.log(`not ok - ${error.message}`);
	process.exitCode = 1;
});
