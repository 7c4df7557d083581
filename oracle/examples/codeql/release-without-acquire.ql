/**
 * @name Spin lock released that is not held
 * @description A lock is released on a path on which the routine does not hold it.
 * @kind problem
 * @problem.severity error
 * @precision medium
 * @id cpp/lockdrill/release-without-acquire
 * @tags correctness
 *       concurrency
 */

import locks

from Routine routine, LockCall release, Lock lock
where
  release.getEnclosingFunction() = routine and
  release.isRelease() and
  lock = release.getLock() and
  freeAt(routine, lock, release)
select release, "This releases " + lock.toString() + ", which is not held on all paths to it."
