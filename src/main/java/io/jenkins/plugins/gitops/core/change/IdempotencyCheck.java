package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.OperationScope;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.ShortRevision;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.stream.Collectors;

/**
 * An operation id identifies one kind of change to one target: repeating the same request returns the existing change,
 * a request for something else is rejected.
 */
final class IdempotencyCheck {
    private IdempotencyCheck() {}

    /** The error, which describes the existing change. */
    static UserErrorException alreadyUsed(ChangeResult done) {
        Trailers made = done.trailers();
        String images = ImageChange.of(made).stream()
                .map(change -> String.valueOf(change.to()))
                .collect(Collectors.joining(", "));
        return new UserErrorException(
                "Operation \"" + made.first(Trailers.OPERATION).orElse("") + "\" was already used for the "
                        + OperationScope.OperationKind.of(made).displayName() + " of "
                        + String.join(", ", made.all(Trailers.TARGET))
                        + (images.isEmpty() ? "" : " to " + images) + " in commit "
                        + ShortRevision.of(done.revision()),
                "Give this change its own operation");
    }
}
