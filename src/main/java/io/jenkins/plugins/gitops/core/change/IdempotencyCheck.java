package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.stream.Collectors;

/** An operation id stands for one change: asked for again, that change is told; asked for something else, it is refused. */
final class IdempotencyCheck {
    private static final int SHORT_REVISION = 8;

    private IdempotencyCheck() {}

    enum OperationKind {
        SET_IMAGE("set image"),
        PROMOTION("promotion"),
        ROLLBACK("rollback"),
        HOLD("hold"),
        RELEASE("release");

        private final String displayName;

        OperationKind(String displayName) {
            this.displayName = displayName;
        }

        /** What a commit says that it is. */
        static OperationKind of(Trailers trailers) {
            if (trailers.first(Trailers.ROLLBACK_OF).isPresent()) {
                return ROLLBACK;
            }
            if (trailers.first(Trailers.PROMOTED_FROM).isPresent()) {
                return PROMOTION;
            }
            if (trailers.first(Trailers.IMAGE).isPresent()) {
                return SET_IMAGE;
            }
            return trailers.first(Trailers.HOLD)
                    .map(said -> said.equals(Hold.HELD) ? HOLD : RELEASE)
                    .orElse(SET_IMAGE);
        }
    }

    /** @throws UserErrorException when what was done is of another kind, or of another target */
    static void require(ChangeResult done, OperationKind kind, String application, String environment)
            throws UserErrorException {
        Trailers made = done.trailers();
        if (OperationKind.of(made) != kind || !made.all(Trailers.TARGET).contains(application + "/" + environment)) {
            throw alreadyUsed(done);
        }
    }

    /** The refusal, which names what the operation was. */
    static UserErrorException alreadyUsed(ChangeResult done) {
        Trailers made = done.trailers();
        String images = ImageChange.of(made).stream()
                .map(change -> String.valueOf(change.to()))
                .collect(Collectors.joining(", "));
        return new UserErrorException(
                "Operation \"" + made.first(Trailers.OPERATION).orElse("") + "\" was already used for the "
                        + OperationKind.of(made).displayName + " of " + String.join(", ", made.all(Trailers.TARGET))
                        + (images.isEmpty() ? "" : " to " + images) + " in commit "
                        + done.revision().substring(0, SHORT_REVISION),
                "Give this change its own operation");
    }
}
