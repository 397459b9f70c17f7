package io.jenkins.plugins.gitops.status;

import java.time.Instant;
import java.util.Optional;

/**
 * Notices that agents fell silent, which no event tells, with one task of Jenkins' timer. Reports put the moment off; the
 * task finds that out when it runs, and nothing is to be done for a report.
 */
final class Silence {
    private final Look look;
    private final OneShotTimer timer = new OneShotTimer(this::look);

    interface Look {
        /**
         * Deals with those that are silent at a moment; on the timer's thread, so it does nothing slow.
         *
         * @return when to look again; empty when there is nobody to be missed
         */
        Optional<Instant> at(Instant now);
    }

    Silence(Look look) {
        this.look = look;
    }

    /** Somebody may be missed from then on. */
    void expect(Instant then) {
        timer.set(then);
    }

    private void look() {
        look.at(Instant.now()).ifPresent(this::expect);
    }
}
