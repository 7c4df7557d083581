"""An addon of cppcheck that follows locks through each function on its own, by the tokens that cppcheck has read.

A state is the set of locks that are held, each known by the text of the argument; what is kept at a place is the set of
states in which it can be reached. Conditions are not looked at, but for a try; calls of other functions change nothing.
Licence: 0BSD.
"""
import sys

import cppcheckdata

TAKES = {"KeAcquireSpinLock", "KeAcquireSpinLockRaiseToDpc", "KeAcquireSpinLockAtDpcLevel", "WdfSpinLockAcquire",
         "IoAcquireCancelSpinLock", "KeAcquireInStackQueuedSpinLock"}
GIVES = {"KeReleaseSpinLock", "KeReleaseSpinLockFromDpcLevel", "WdfSpinLockRelease", "IoReleaseCancelSpinLock",
         "KeReleaseInStackQueuedSpinLock"}
TRY = "KeTryToAcquireSpinLockAtDpcLevel"
STOPS = {"KeBugCheckEx", "RtlFailFast"}
ROUNDS = 3  # through a loop


def text(first, last):
    words = []
    while first and first is not last:
        words.append(first.str)
        first = first.next
    return "".join(words)


def lock_of(call):
    """The lock that a call names; a queued one by its handle, the cancel lock by no argument."""
    if "Cancel" in call.str:
        return "cancel"
    first = call.next.next
    last = call.next.link
    depth = first
    comma = None
    while depth is not last:
        if depth.str in "([{" and depth.link:
            depth = depth.link
        elif depth.str == ",":
            comma = depth
            break
        depth = depth.next
    if call.str == "KeAcquireInStackQueuedSpinLock" and comma:
        return text(comma.next, last)
    return text(first, comma or last)


class Function:
    def __init__(self, scope):
        self.end = scope.bodyEnd
        self.labels = {}
        self.told = {}
        self.breaks = []
        self.continues = []
        begin = frozenset(["cancel"]) if scope.className.startswith("Cancel") else frozenset()
        for _ in range(ROUNDS):  # so that a goto backwards is seen
            self.leave(scope.bodyEnd, self.block(scope.bodyStart, {begin}))

    def tell(self, token, kind):
        self.told[(token.linenr, kind)] = token

    def leave(self, token, states):
        if any(states):
            self.tell(token, "missingRelease")

    def events(self, first, last, states):
        """What the calls between two tokens do, in the order of the text."""
        while first is not last:
            if first.str in TAKES and first.next.str == "(":
                lock = lock_of(first)
                if any(lock in state for state in states):
                    self.tell(first, "doubleAcquire")
                states = {state | {lock} for state in states}
            elif first.str in GIVES and first.next.str == "(":
                lock = lock_of(first)
                if any(lock not in state for state in states):
                    self.tell(first, "releaseWithoutAcquire")
                states = {state - {lock} for state in states}
            elif first.str in STOPS:
                states = set()
            first = first.next
        return states

    def block(self, brace, states):
        token = brace.next
        while token is not brace.link:
            token, states = self.statement(token, states)
        return states

    def condition(self, paren, states):
        """States where it holds, and where it does not."""
        states = self.events(paren, paren.link, states)
        first = paren.next
        negated = first.str == "!"
        call = first.next if negated else first
        if call.str != TRY:
            return states, states
        taken = {state | {lock_of(call)} for state in states}
        return (states, taken) if negated else (taken, states)

    def loop(self, states, body, forever):
        self.breaks.append(set())
        self.continues.append(set())
        for _ in range(ROUNDS):
            states = states | body(states) | self.continues[-1]
        self.continues.pop()
        return self.breaks.pop() | (set() if forever else states)

    def statement(self, token, states):
        """The token behind it, and the states there."""
        word = token.str
        if word == "{":
            return token.link.next, self.block(token, states)
        if word == "if":
            then, other = self.condition(token.next, states)
            token, then = self.statement(token.next.link.next, then)
            if token.str == "else":
                token, other = self.statement(token.next, other)
            return token, then | other
        if word in ("while", "for"):
            paren = token.next
            forever = text(paren.next, paren.link) in ("1", "true", "TRUE", ";;")
            after = [None]

            def body(inner):
                then = self.condition(paren, inner)[0] if word == "while" else self.events(paren, paren.link, inner)
                after[0], then = self.statement(paren.link.next, then)
                return then
            states = self.loop(states, body, forever)
            return after[0], states
        if word == "do":
            after = [None]

            def body_first(inner):
                after[0], inner = self.statement(token.next, inner)
                return self.events(after[0].next, after[0].next.link, inner | self.continues[-1])
            self.breaks.append(set())
            self.continues.append(set())
            out = set()
            for _ in range(ROUNDS):
                out = body_first(states | out)
                if text(after[0].next.next, after[0].next.link) in ("0", "false"):
                    break
            self.continues.pop()
            return after[0].next.link.next.next, out | self.breaks.pop()
        if word == "switch":
            self.breaks.append(set())
            into = self.events(token.next, token.next.link, states)
            brace = token.next.link.next
            inner, inside, default = brace.next, set(), False
            while inner is not brace.link:
                if inner.str in ("case", "default"):
                    default = default or inner.str == "default"
                    while inner.str != ":":
                        inner = inner.next
                    inner, inside = inner.next, inside | into
                else:
                    inner, inside = self.statement(inner, inside)
            return brace.link.next, inside | self.breaks.pop() | (set() if default else into)
        if word in ("case", "default"):
            while token.str != ":":
                token = token.next
            return token.next, states
        end = token
        while end.str != ";":
            end = end.link.next if end.str in "({[" and end.link else end.next
            if end is self.end or end.str == "}":
                return end, self.events(token, end, states)
            if end.str == ":" and end.previous is token and token.isName:
                return end.next, states | self.labels.get(word, set())
        states = self.events(token, end, states)
        if word == "return":
            self.leave(token, states)
        elif word == "goto":
            self.labels[token.next.str] = self.labels.get(token.next.str, set()) | states
        elif word == "break" and self.breaks:
            self.breaks[-1] |= states
        elif word == "continue" and self.continues:
            self.continues[-1] |= states
        else:
            return end.next, states
        return end.next, set()


MESSAGES = {"doubleAcquire": "the lock may be held already", "releaseWithoutAcquire": "the lock may not be held",
            "missingRelease": "a lock may still be held"}

for name in sys.argv[1:]:
    if name.startswith("-"):
        continue
    data = cppcheckdata.parsedump(name)
    for configuration in data.iterconfigurations():
        for scope in configuration.scopes:
            if scope.type == "Function" and scope.bodyStart:
                for (line, kind), token in Function(scope).told.items():
                    cppcheckdata.reportError(token, "error", MESSAGES[kind], "lock", kind)
