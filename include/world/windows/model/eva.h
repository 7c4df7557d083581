/* For Frama-C, which reads what a function without a body does from its comment: a path that stops does not go on.
 * Licence: 0BSD. */
#ifndef LOCKDRILL_EVA_H
#define LOCKDRILL_EVA_H

/*@ assigns \nothing; ensures \false; */
extern void abort(void);
/*@ assigns \result \from \nothing; ensures 0 <= \result <= 1; */
extern int __VERIFIER_nondet_int(void);

#endif
