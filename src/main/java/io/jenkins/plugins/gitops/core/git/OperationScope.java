package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;

/**
 * The scope in which an operation id is unique: one kind of change to one target. So one id may name all changes of a
 * release: one for each target, and a rollback in addition to the change that it rolls back.
 *
 * @param target {@code application/environment}
 */
public record OperationScope(OperationKind kind, String target) {
    private static final String HELD = "held";

    /** The kind of change. */
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

        /** The kind according to the trailers of one change. */
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

    /** The scopes according to the trailers of one change: one for each target. */
    static List<OperationScope> of(Trailers change) {
        OperationKind kind = OperationKind.of(change);
        return change.all(Trailers.TARGET).stream()
                .map(target -> new OperationScope(kind, target))
                .toList();
    }

    /** Whether the trailers of one change are in a scope; always true for a null scope. */
    static boolean contains(@CheckForNull OperationScope scope, Trailers change) {
        return scope == null || of(change).contains(scope);
    }
}
