/*
 * The guard's protocol (packages/guard/src/guard.ts, packages/core/src/storage/verify-protocol.ts), for spin.
 * What is modeled, what is not, and what each macro takes away: README.md beside this file. Run by `npm run model`.
 *
 * As designed, a worker reads the policy and the delegation in one read, decides, works, decides again, and sends one
 * commit that stands only if both documents are still at the version that was read.
 *
 * Brakes, each removed by its macro: NO_VERIFY, VERIFY_POLICY_ALONE, ONE_LOOK, BLIND_STAFF, EXEMPTIONS_APART, REPEAT_IN_DOUBT,
 * LOCKS. More than is promised: EXPIRY_TO_THE_TICK, EXPIRY_AT_COMMIT. That it is not safe by doing nothing:
 * NEVER_AFTER_RESTORE, NEVER_EXEMPTED.
 */
#define NEVER 15   /* an `until` that does not come */
#define END 3      /* true time runs from 0 to this */
#define KILL_UNTIL 2
#define EXEMPT_UNTIL 1
#ifdef EXPIRY_TO_THE_TICK
#define MARGIN 0
#else
#define MARGIN 1   /* clocks are at most this far from true time; expiry is exact to it */
#endif
#define WORKERS 3  /* 0 is exempted when somebody is; 1 acts under the delegation; 2 begins when all changes are done */
#define LAST 2
#define CHANGES 2  /* by each of two staff members */
#define ATTEMPTS 2
#define KILLS 4    /* records of kills; none is 0 */

byte now = 0;

/* The two documents that decisions rest on, each with its version. */
byte policyVersion = 0;
byte killed = 0;        /* which kill stands; 0: none */
byte killUntil = 0;
byte exemptUntil = 0;   /* 0: nobody is exempted */
byte delegationVersion = 0;
bool revoked = false;

/* What was promised, kept apart from the documents: what a lost update takes out of a document is still promised. */
byte kills = 0;
bool acknowledged[KILLS + 1];
bool ended[KILLS + 1];
byte untilOf[KILLS + 1];
bool exempted[KILLS + 1];
bool exemptionRevoked[KILLS + 1];
bool revokeAcknowledged = false;

byte commits[WORKERS];
byte decidedAt[WORKERS]; /* true time of the last look */
byte staffDone = 0;
byte holders = 0;        /* locks on the policy; only with LOCKS */

/* On the way to the database: policy version, delegation version. Delivered at any time, or never. */
chan net0 = [2] of { byte, byte };
chan net1 = [2] of { byte, byte };
mtype = { none, stood, outrun };
mtype answer[WORKERS] = none;

/* `ahead` is how far a clock is ahead of true time, and 1: nothing is below 0 here. */
#define FORBIDS(w, ahead) (k != 0 && ku + 1 > now + ahead && !(w == 0 && eu != 0 && eu + 1 > now + ahead))

/* Judges a commit that stands now, by what was promised. */
inline judge(w) {
  j = 1;
  do
  :: j <= kills ->
     if
     :: acknowledged[j] && !ended[j] && now + MARGIN < untilOf[j] ->
        /* A restriction that was acknowledged stands: only its own exemption, not revoked, lets this pass. */
        assert(w == 0 && exempted[j] && !exemptionRevoked[j]);
        assert(decidedAt[w] < EXEMPT_UNTIL + MARGIN);
#ifdef EXPIRY_AT_COMMIT
        assert(now < EXEMPT_UNTIL + MARGIN);
#endif
#ifdef NEVER_EXEMPTED
        assert(false);
#endif
     :: else
     fi;
     j++
  :: else -> break
  od;
  assert(!(w == 1 && revokeAcknowledged));
  commits[w]++;
  assert(commits[w] == 1);
#ifdef NEVER_AFTER_RESTORE
  assert(!(kills > 0 && ended[kills]));
#endif
}

/* The database takes a commit whole or not at all. What is lost on the way, it never sees. */
inline deliver(w, net) {
  atomic {
    net ? pv, dv ->
    if
    :: true -> skip /* lost */
    :: true ->
       if
#if defined(NO_VERIFY) || defined(LOCKS)
       :: true -> judge(w); answer[w] = stood
#elif defined(VERIFY_POLICY_ALONE)
       :: pv == policyVersion -> judge(w); answer[w] = stood
       :: else -> answer[w] = outrun
#else
       :: pv == policyVersion && dv == delegationVersion -> judge(w); answer[w] = stood
       :: else -> answer[w] = outrun
#endif
       fi
    fi;
    pv = 0; dv = 0; j = 0
  }
}

active proctype Database() {
  byte pv, dv, j;
end:
  do
  :: deliver(0, net0)
  :: deliver(1, net1)
  od
}

inline send(w) {
  if
  :: w == 0 -> net0 ! pv, dv
  :: else -> net1 ! pv, dv
  fi
}

/*
 * What hangs is a step that is not taken yet, and what dies takes none any more: each is among the interleavings by itself.
 * To die is a step of its own only where something is held, and where an answer is waited for.
 */
proctype Worker(byte w; byte ahead) {
  byte pv, dv, k, ku, eu, attempt;
again:
  if
  :: attempt == ATTEMPTS -> goto over
  :: else -> attempt++
  fi;
  atomic { /* one read of both, and the decision on it */
    pv = policyVersion; dv = delegationVersion;
    k = killed; ku = killUntil; eu = exemptUntil;
#ifdef LOCKS
    holders++;
#endif
    decidedAt[w] = now;
    if
    :: FORBIDS(w, ahead) || (w == 1 && revoked) -> goto free
    :: else
    fi
  }
  if
  :: true -> goto over /* dies here */
  :: true /* the work takes its time */
  fi;
#ifndef ONE_LOOK
  atomic {
    decidedAt[w] = now;
    if
    :: FORBIDS(w, ahead) -> goto free
    :: else
    fi
  }
#else
  decidedAt[w] = now;
#endif
  send(w);
  if
  :: atomic { answer[w] == stood -> answer[w] = none; goto free }
  :: atomic { answer[w] == outrun -> answer[w] = none;
#ifdef LOCKS
       holders--;
#endif
       goto again }
  :: true -> /* no answer, or dies: it may stand, and is not made twice */
#ifdef REPEAT_IN_DOUBT
     goto again
#else
     goto over
#endif
  fi;
free:
#ifdef LOCKS
  holders--;
#endif
over:
  atomic { pv = 0; dv = 0; k = 0; ku = 0; eu = 0; attempt = 0 }
}

/* When nothing changes any more: who is not forbidden gets through, and while a kill without end stands nobody does. */
proctype Last() {
  byte k, ku, eu, j;
  atomic {
    staffDone == 2 ->
    k = killed; ku = killUntil; decidedAt[LAST] = now;
    if
    :: FORBIDS(LAST, 1) -> skip
    :: else -> judge(LAST)
    fi;
    assert(k != 0 || commits[LAST] == 1);
    assert(!(k != 0 && ku == NEVER) || commits[LAST] == 0)
  }
}

/* Staff read the policy, and change it only if it is still what they read. An answer comes after the commit. */
#ifdef BLIND_STAFF
#define UNCHANGED true
#else
#define UNCHANGED (pv == policyVersion)
#endif
#ifdef LOCKS
#define FREE (holders == 0)
#else
#define FREE true
#endif

proctype Staff() {
  byte change, pv, k, ku, eu, mine;
  do
  :: change == CHANGES -> break
  :: change < CHANGES ->
read:
     atomic { pv = policyVersion; k = killed; ku = killUntil; eu = exemptUntil };
     if
     :: true -> /* kill; one that stands, stands on */
        if
        :: atomic { FREE && UNCHANGED ->
           if
           :: k == 0 || ku <= now ->
#ifdef BLIND_STAFF
              if :: kills == KILLS -> goto done :: else fi;
#endif
              if :: k != 0 -> ended[k] = true :: else fi;
              kills++; killed = kills;
              if :: killUntil = NEVER :: killUntil = KILL_UNTIL fi;
#ifndef EXEMPTIONS_APART
              exemptUntil = 0;
#endif
              untilOf[kills] = killUntil;
              policyVersion++
           :: else
           fi;
           mine = killed }
           acknowledged[mine] = true
        :: atomic { FREE && !UNCHANGED -> goto read }
        fi
     :: k != 0 -> /* restore: what stands ends, with its exemptions */
        if
        :: atomic { FREE && UNCHANGED -> ended[k] = true; killed = 0; killUntil = 0;
#ifndef EXEMPTIONS_APART
           exemptUntil = 0;
#endif
           policyVersion++ }
        :: atomic { FREE && !UNCHANGED -> goto read }
        fi
     :: k != 0 && !exempted[k] -> /* exempt worker 0, once for a kill */
        if
        :: atomic { FREE && UNCHANGED -> killed = k; killUntil = ku; exemptUntil = EXEMPT_UNTIL; exempted[k] = true; policyVersion++ }
        :: atomic { FREE && !UNCHANGED -> goto read }
        fi
     :: k != 0 && eu != 0 -> /* take the exemption back */
        if
        :: atomic { FREE && UNCHANGED -> exemptUntil = 0; policyVersion++; mine = k }
           exemptionRevoked[mine] = true
        :: atomic { FREE && !UNCHANGED -> goto read }
        fi
     :: k == 0 || true -> /* something else in the same document, such as a switch for another name */
        if
        :: atomic { FREE && UNCHANGED -> killed = k; killUntil = ku; exemptUntil = eu; policyVersion++ }
        :: atomic { FREE && !UNCHANGED -> goto read }
        fi
     :: !revoked -> /* revoke the delegation, a document of its own */
        atomic { revoked = true; delegationVersion++ };
        revokeAcknowledged = true
     fi;
     atomic { change++; pv = 0; k = 0; ku = 0; eu = 0; mine = 0 }
  od;
done:
  staffDone++
}

proctype Clock() {
end:
  do
  :: now < END -> now++
  od
}

init {
  byte ahead;
  atomic {
    if :: ahead = 0 :: ahead = 2 fi; /* one behind, or one ahead */
    /* Workers write nothing that another's decision rests on: what one of them can do, it can do among any number. */
    if :: run Worker(0, ahead) :: run Worker(1, ahead) fi;
    run Last();
    run Staff();
    run Staff();
    run Clock();
  }
}
