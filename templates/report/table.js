// Sorts tables of class `sortable` by a column. Above an element with data-filter="LABEL" and
// data-items="SELECTOR" stands a field that hides those items without its text. The page is whole without it.
(function () {
	'use strict';

	// What a cell is sorted by: its number where it begins with one, else its text.
	function value(row, column) {
		var text = row.cells[column].textContent.trim();
		var number = parseFloat(text);
		return isNaN(number) ? (text === '-' || text === '' ? -Infinity : text) : number;
	}

	function compare(one, two) {
		if (typeof one === typeof two) return one < two ? -1 : one > two ? 1 : 0;
		return typeof one === 'number' ? -1 : 1;
	}

	function sort(table, column, header) {
		var down = header.getAttribute('aria-sort') !== 'descending';
		var body = table.tBodies[0];
		var rows = Array.from(body.rows).map(function (row) { return [value(row, column), row]; });
		rows.sort(function (one, two) { return compare(one[0], two[0]) * (down ? -1 : 1); });
		rows.forEach(function (row) { body.appendChild(row[1]); });
		Array.from(table.tHead.rows[0].cells).forEach(function (cell) { cell.removeAttribute('aria-sort'); });
		header.setAttribute('aria-sort', down ? 'descending' : 'ascending');
	}

	function makeSortable(table) {
		Array.from(table.tHead.rows[0].cells).forEach(function (header, column) {
			var button = document.createElement('button');
			button.type = 'button';
			while (header.firstChild) button.appendChild(header.firstChild);
			header.appendChild(button);
			button.addEventListener('click', function () { sort(table, column, header); });
		});
	}

	// A field above `before` that hides items.
	function makeFilter(before, items, label) {
		var line = document.createElement('p'), name = document.createElement('label');
		var input = document.createElement('input'), count = document.createElement('span');
		line.className = 'filter';
		name.textContent = label + ' ';
		input.type = 'search';
		name.appendChild(input);
		count.setAttribute('role', 'status');
		line.appendChild(name);
		line.appendChild(count);
		before.parentNode.insertBefore(line, before);
		input.addEventListener('input', function () {
			var wanted = input.value.toLowerCase(), shown = 0;
			items.forEach(function (item) {
				item.hidden = !item.textContent.toLowerCase().includes(wanted);
				if (!item.hidden) shown++;
			});
			count.textContent = shown + ' of ' + items.length;
		});
	}

	document.querySelectorAll('table.sortable').forEach(makeSortable);
	document.querySelectorAll('[data-filter]').forEach(function (whole) {
		makeFilter(whole, Array.from(whole.querySelectorAll(whole.dataset.items)), whole.dataset.filter);
	});

	// A link to what a filter hides shows it again.
	function reveal() {
		var target = document.getElementById(location.hash.slice(1));
		var hidden = target ? target.closest('[hidden]') : null;
		if (!hidden) return;
		hidden.hidden = false;
		target.scrollIntoView();
	}
	window.addEventListener('hashchange', reveal);
})();
