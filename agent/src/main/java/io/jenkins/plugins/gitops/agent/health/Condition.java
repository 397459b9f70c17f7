package io.jenkins.plugins.gitops.agent.health;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One entry of a list of conditions.
 *
 * @param type empty if it has none
 * @param status {@code True}, {@code False} or {@code Unknown}; empty if it has none
 * @param reason one word; empty if it has none
 * @param message empty if it has none
 * @param observedGeneration generation of the spec that it describes; -1 if it has none
 */
record Condition(String type, String status, String reason, String message, long observedGeneration) {
    static Condition of(JsonFields fields) {
        return new Condition(
                fields.textOrEmpty("type"),
                fields.textOrEmpty("status"),
                fields.textOrEmpty("reason"),
                fields.textOrEmpty("message"),
                fields.number("observedGeneration", -1));
    }

    boolean isTrue() {
        return status.equals("True");
    }

    boolean isFalse() {
        return status.equals("False");
    }

    /** Whether it describes an older spec than the one with this generation. */
    boolean isOlderThan(long generation) {
        return observedGeneration >= 0 && observedGeneration < generation;
    }

    /** {@code Failed: no such issuer}; null if it has neither reason nor message. */
    @CheckForNull
    String why() {
        String why = Stream.of(reason, message).filter(t -> !t.isEmpty()).collect(Collectors.joining(": "));
        return why.isEmpty() ? null : why;
    }

    /** The message, otherwise the reason; null if it has neither. */
    @CheckForNull
    String messageOrReason() {
        return message.isEmpty() ? reason.isEmpty() ? null : reason : message;
    }

    /** {@code Ready is False: Failed: no such issuer}. */
    String describe() {
        String why = why();
        return type + " is " + (status.isEmpty() ? "not set" : status) + (why == null ? "" : ": " + why);
    }
}
