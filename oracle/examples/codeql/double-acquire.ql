/**
 * @name Spin lock acquired twice
 * @description A lock is acquired on a path on which the routine holds it already.
 * @kind problem
 * @problem.severity error
 * @precision medium
 * @id cpp/lockdrill/double-acquire
 * @tags correctness
 *       concurrency
 */

import locks

from Routine routine, ControlFlowNode from, LockCall again, Lock lock
where
  again.getEnclosingFunction() = routine and
  again.isAcquire() and
  not again.isTry() and
  lock = again.getLock() and
  heldAt(from, lock, again)
select again, "This acquires $@, which is held already.", from, lock.toString()
