/*
 * Sealing (functions/src/features/audit/log/seal.ts), for spin. What is modeled, what is not, and what each macro takes
 * away: README.md beside this file. Run by `npm run model`.
 *
 * As designed, a sealer reads the head, then what waits, oldest first, and sends one commit: a place for each entry, the
 * head, and the checkpoint of the new size. It stands only if the head is as read, each entry still waits, and there is no
 * checkpoint of that size.
 *
 * Brakes, each removed by its macro: NO_HEAD, NO_ENTRIES, NO_CHECKPOINT (preconditions), TWO_COMMITS (entries and head apart),
 * CURSOR (what came after the newest sealed, instead of what waits).
 * LIVE checks `sealedInTheEnd`. NEVER_ALL, which must fail: that everything can be sealed.
 */
#define ENTRIES 3
#define SEALERS 2
#define BATCH 2
#define NOBODY 9 /* no entry */
#ifndef DEATHS
#define DEATHS 2   /* and lost commits, in all */
#endif

/* An entry's number is its time: 0 is the oldest. Each is committed when it happens to be, in any order. */
bool waits[ENTRIES];
byte placed[ENTRIES];       /* how often it was put into the tree */

byte headVersion = 0;
byte size = 0;
short root = 0;             /* the leaves in their order, as digits: a stand-in for a hash without collisions */
short checkpoint[ENTRIES * 2 + 1]; /* by size: its root; 0: none */
byte newest = 0;            /* only for CURSOR: one past the time of the newest sealed */
byte deaths = 0;
byte placedInAll = 0;

/* On the way to the database: whose, head's version, size, root, and two entries. Delivered at any time, or never. */
chan net = [SEALERS + DEATHS] of { byte, byte, byte, short, byte, byte };
mtype = { none, stood, outrun };
mtype answer[SEALERS] = none;

#define DIGIT(r, e) ((r) * (ENTRIES + 1) + (e) + 1)
#define STILL(e) ((e) == NOBODY || waits[e])

inline place(e) {
  if
  :: e != NOBODY ->
     waits[e] = false; placed[e]++; placedInAll++;
     assert(placed[e] == 1);
     if :: e + 1 > newest -> newest = e + 1 :: else fi
  :: else
  fi
}

active proctype Database() {
  byte s, v, n, e1, e2, m; short r, was;
end:
  do
  :: atomic { net ? s, v, n, r, e1, e2 ->
       m = n + 1; was = r; r = DIGIT(r, e1);
       if :: e2 != NOBODY -> m++; r = DIGIT(r, e2) :: else fi;
       if
       :: deaths < DEATHS -> deaths++; answer[s] = outrun /* lost on the way */
       :: (true
#ifndef NO_HEAD
          && v == headVersion
#endif
#ifndef NO_ENTRIES
          && STILL(e1) && STILL(e2)
#endif
#ifndef NO_CHECKPOINT
          && checkpoint[m] == 0
#endif
          ) ->
          assert(m > size);
          assert(checkpoint[m] == 0 || checkpoint[m] == r);
          assert(was == root); /* the new tree begins with the old one */
          place(e1); place(e2);
#ifdef TWO_COMMITS
          answer[s] = stood; /* the head is written by whoever gets this answer, and lives */
#else
          size = m; root = r; checkpoint[m] = r; headVersion++;
          answer[s] = stood
#endif
       :: else -> answer[s] = outrun
       fi;
#ifdef NEVER_ALL
       assert(placedInAll < ENTRIES);
#endif
       s = 0; v = 0; n = 0; r = 0; e1 = 0; e2 = 0; m = 0; was = 0 }
  od
}

/* An entry stands with the change that it tells of, and is acknowledged then. */
proctype Writer(byte e) {
  waits[e] = true
}

#ifdef CURSOR
#define TAKEN(e) (waits[e] && e >= newest)
#else
#define TAKEN(e) (waits[e])
#endif

proctype Sealer(byte me) {
  byte v, n, e1, e2, e; short r;
end:
  do
  :: atomic { waits[0] || waits[1] || waits[2] -> v = headVersion; n = size; r = root } /* the schedule begins it again */
     if
     :: deaths < DEATHS -> deaths++; goto over /* dies; another begins */
     :: true
     fi;
     atomic { /* what waits, oldest first */
       e1 = NOBODY; e2 = NOBODY; e = 0;
       do
       :: e < ENTRIES ->
          if
          :: TAKEN(e) && e1 == NOBODY -> e1 = e
          :: TAKEN(e) && e1 != NOBODY && e2 == NOBODY -> e2 = e
          :: else
          fi;
          e++
       :: else -> break
       od;
       e = 0;
       if
       :: e1 == NOBODY -> goto over
       :: else
       fi
     }
     if
     :: deaths < DEATHS -> deaths++; goto over
     :: true
     fi;
     net ! me, v, n, r, e1, e2;
     if
     :: answer[me] != none
     :: deaths < DEATHS -> deaths++; goto over /* before its answer; the commit may still come */
     fi;
#ifdef TWO_COMMITS
     atomic {
       if
       :: answer[me] == stood && v == headVersion ->
          size = n + 1; root = DIGIT(r, e1);
          if :: e2 != NOBODY -> size++; root = DIGIT(root, e2) :: else fi;
          checkpoint[size] = root; headVersion++
       :: else
       fi
     }
#endif
     answer[me] = none;
over:
     atomic { v = 0; n = 0; r = 0; e1 = 0; e2 = 0 }
  od
}

init {
  atomic {
    run Writer(0); run Writer(1); run Writer(2);
    run Sealer(0); run Sealer(1)
  }
}

#ifdef LIVE
ltl sealedInTheEnd { <> (size == ENTRIES && placed[0] == 1 && placed[1] == 1 && placed[2] == 1) }
#endif
