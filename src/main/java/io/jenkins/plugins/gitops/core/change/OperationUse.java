package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.util.stream.Collectors;

/** An operation id stands for one change: asked for again, that change is told; asked for something else, it is refused. */
final class OperationUse {
    private static final int SHORT = 8;

    private OperationUse() {}

    enum Kind {
        SET_IMAGE("set image"),
        PROMOTION("promotion"),
        ROLLBACK("rollback"),
        HOLD("hold"),
        RELEASE("release");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** What a commit says that it is. */
        static Kind of(Trailers trailers) {
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

    /** @throws RefusedException when what was done is of another kind, or of another target */
    static void require(ChangeResult done, Kind kind, String application, String environment) throws RefusedException {
        Trailers made = done.trailers();
        if (Kind.of(made) != kind || !made.all(Trailers.TARGET).contains(application + "/" + environment)) {
            throw used(done);
        }
    }

    /** The refusal, which names what the operation was. */
    static RefusedException used(ChangeResult done) {
        Trailers made = done.trailers();
        String images = ImageChange.of(made).stream()
                .map(change -> String.valueOf(change.to()))
                .collect(Collectors.joining(", "));
        return new RefusedException(
                "Operation \"" + made.first(Trailers.OPERATION).orElse("") + "\" was used before, for the "
                        + Kind.of(made).word + " of " + String.join(", ", made.all(Trailers.TARGET))
                        + (images.isEmpty() ? "" : " to " + images) + " in commit "
                        + done.revision().substring(0, SHORT),
                "Give this change an operation of its own");
    }
}
