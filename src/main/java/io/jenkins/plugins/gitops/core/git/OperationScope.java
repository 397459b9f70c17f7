package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;

/**
 * What an operation id is unique within: one kind of change of one target. So one id may name all changes of a release: one for
 * each target, and a rollback beside what it takes back.
 *
 * @param target {@code application/environment}
 */
public record OperationScope(OperationKind kind, String target) {
    private static final String HELD = "held";

    /** What a change does. */
    public enum OperationKind {
        SET_IMAGE("set image"),
        PROMOTION("promotion"),
        ROLLBACK("rollback"),
        HOLD("hold"),
        RELEASE("release");

        private final String displayName;

        OperationKind(String displayName) {
            this.displayName = displayName;
        }

        /** For messages. */
        public String displayName() {
            return displayName;
        }

        /** The kind that the trailers of one change state. */
        public static OperationKind of(Trailers change) {
            if (change.first(Trailers.ROLLBACK_OF).isPresent()) {
                return ROLLBACK;
            }
            if (change.first(Trailers.PROMOTED_FROM).isPresent()) {
                return PROMOTION;
            }
            if (change.first(Trailers.IMAGE).isPresent()) {
                return SET_IMAGE;
            }
            return change.first(Trailers.HOLD)
                    .map(value -> value.equals(HELD) ? HOLD : RELEASE)
                    .orElse(SET_IMAGE);
        }
    }

    /** The scopes that the trailers of one change state: one for each target. */
    static List<OperationScope> of(Trailers change) {
        OperationKind kind = OperationKind.of(change);
        return change.all(Trailers.TARGET).stream()
                .map(target -> new OperationScope(kind, target))
                .toList();
    }

    /** Whether the trailers of one change are in a scope; any are in none. */
    static boolean contains(@CheckForNull OperationScope scope, Trailers change) {
        return scope == null || of(change).contains(scope);
    }
}
