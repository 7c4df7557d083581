// Opens pages in a browser without a window, looks at each as ci/test_pages.sh says, and prints a line a
// check: "ok" or "not ok", the page, and what is wrong.
//
//   node ci/pages.js MODULES LIST OUT     LIST: a line a page: NAME FILE CHECK..., files as seen from LIST
//
// Every page is looked at for: errors on the console, requests, links, headings, overflow, contrast and all
// else that axe-core calls serious or critical, in light and dark, on a wide and on a narrow screen; what is
// there without JavaScript; the keyboard; and what is printed. CHECK may be `sort` or `filter`.
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
	const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
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

// What is seen without JavaScript is all that there is.
async function withoutScript(browser, url) {
	const page = await open(browser, url, { javaScriptEnabled: false });
	const wrong = page.errors.slice(), text = await page.locator('main').innerText();
	if (text.length < 200) wrong.push(`${text.length} characters`);
	await page.close();
	return wrong;
}

const MORE = { sort, filter };

async function look(browser, name, file, checks) {
	const url = `file://${file}`, screen = await open(browser, url, { colorScheme: 'light' });
	const shot = (page, what) => page.screenshot({ path: path.join(out, `${name}-${what}.png`) });

	tell(name, 'links', await deadLinks(screen, file));
	tell(name, 'headings', await headings(screen));
	tell(name, 'keyboard', await keyboard(screen));
	tell(name, `width of ${WIDE}`, await overflow(screen));
	tell(name, 'axe, light', await accessible(screen));
	await shot(screen, 'light');
	for (const check of checks) tell(name, check, await MORE[check](screen));
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
	tell(name, 'requests', pages.flatMap((page) => page.requests));
	for (const page of pages) await page.close();
}

(async () => {
	const root = process.getuid() === 0 ? ['--no-sandbox'] : [];
	const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: root,
		timeout: PATIENCE });
	for (const line of fs.readFileSync(list, 'utf8').split('\n').filter((text) => text.trim())) {
		const [name, file, ...checks] = line.trim().split(/\s+/);
		await look(browser, name, path.resolve(path.dirname(list), file), checks);
	}
	await browser.close();
})().catch((error) => {
	console.log(`not ok - ${error.message}`);
	process.exitCode = 1;
});
