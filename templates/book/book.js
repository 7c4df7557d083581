
// Forms with questions: a button that says whether an answer is right, and in a quiz how many were so far. What
// is right stands in data-right as hashes, so that a page does not show it; see suite/command/book_ask.c. A page
// is whole without it: each question has a link to its answer.
(function () {
	'use strict';

	// FNV-1a, 32 bits, as eight digits.
	function hash(text) {
		var value = 2166136261;
		for (var i = 0; i < text.length; i++)
			value = Math.imul(value ^ text.charCodeAt(i), 16777619) >>> 0;
		return ('0000000' + value.toString(16)).slice(-8);
	}

	// Which of the two verdicts, and whether the line is one of those that are right.
	function judge(form, verdict, line) {
		var right = form.dataset.right.split(' ');
		var has = function (answer) { return right.includes(hash(form.dataset.salt + ':' + answer)); };
		if (!has(verdict))
			return verdict === 'pass' ? 'Wrong: it breaks the rule.' : 'Wrong: it keeps the rule on every path.';
		if (verdict === 'pass' || has('violation:' + Number(line))) return '';
		return 'It breaks the rule, but line ' + Number(line) + ' is not where.';
	}

	// The first answer to each question of a quiz counts.
	function score(quiz, form, right) {
		var forms = Array.from(quiz.querySelectorAll('form')), given, good;
		if (form.dataset.first === undefined) form.dataset.first = right ? 'right' : 'wrong';
		given = forms.filter(function (one) { return one.dataset.first; }).length;
		good = forms.filter(function (one) { return one.dataset.first === 'right'; }).length;
		return ' ' + given + ' of ' + forms.length + ' answered, ' + good + ' right at once.';
	}

	function answer(form, told) {
		var chosen = form.querySelector('input[type=radio]:checked');
		var line = form.querySelector('input[type=text]').value.trim();
		var quiz = form.closest('.quiz'), wrong, link;
		told.className = 'told';
		if (!chosen) { told.textContent = 'Choose one of the two.'; return; }
		if (chosen.value === 'violation' && !/^[0-9]{1,6}$/.test(line)) {
			told.textContent = 'On which line? Give its number.';
			return;
		}
		wrong = judge(form, chosen.value, line);
		told.className = 'told ' + (wrong ? 'wrong' : 'right');
		told.textContent = (wrong || 'Right.') + (quiz ? score(quiz, form, !wrong) : '') + ' ';
		link = document.createElement('a');
		link.href = form.dataset.answer;
		link.textContent = 'Why';
		told.appendChild(link);
	}

	// A button that opens all of what is closed, and closes it again.
	function makeOpener(whole) {
		var line = document.createElement('p'), button = document.createElement('button'), open = false;
		button.type = 'button';
		line.className = 'opener';
		line.appendChild(button);
		function name() { button.textContent = (open ? 'Close' : 'Open') + ' all ' + whole.dataset.opens; }
		button.addEventListener('click', function () {
			open = !open;
			whole.querySelectorAll('details').forEach(function (one) { one.open = open; });
			name();
		});
		name();
		whole.insertBefore(line, whole.firstChild);
	}

	// A link to what is closed opens it; what is printed is open.
	function openTarget() {
		var target = document.getElementById(location.hash.slice(1));
		var closed = target ? target.closest('details') : null;
		if (!closed || closed.open) return;
		closed.open = true;
		target.scrollIntoView();
	}

	document.querySelectorAll('[data-opens]').forEach(makeOpener);
	window.addEventListener('hashchange', openTarget);
	window.addEventListener('beforeprint', function () {
		document.querySelectorAll('details').forEach(function (one) { one.open = true; });
	});
	openTarget();

	document.querySelectorAll('form[data-right]').forEach(function (form) {
		var button = document.createElement('button'), told = document.createElement('p');
		button.textContent = 'Check';
		told.className = 'told';
		told.setAttribute('role', 'status');
		form.querySelector('fieldset').appendChild(button);
		form.appendChild(told);
		// A number is the line of a violation.
		form.querySelector('input[type=text]').addEventListener('input', function () {
			form.querySelector('input[value=violation]').checked = true;
		});
		form.addEventListener('submit', function (event) {
			event.preventDefault();
			answer(form, told);
		});
	});
})();
