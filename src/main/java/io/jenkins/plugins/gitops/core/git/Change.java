package io.jenkins.plugins.gitops.core.git;

import io.jenkins.plugins.gitops.core.git.remote.RemoteErrorTranslator;

/**
 * One requested commit.
 *
 * @param operationId identifies the operation, which never commits twice; one line without surrounding spaces, equal to
 *     the {@link Trailers#OPERATION} trailer of its plans
 * @param settings how the commit is made
 */
public record Change(String operationId, Author author, ChangePlanner planner, CommitSettings settings) {
    /** @throws IllegalArgumentException when the operation id cannot be stored unchanged in a trailer */
    public Change {
        Trailers trailers = Trailers.none().with(Trailers.OPERATION, operationId);
        if (operationId.isEmpty()
                || !trailers.first(Trailers.OPERATION).orElseThrow().equals(operationId)) {
            throw new IllegalArgumentException("an operation id is one line of 1 to 1024 characters, not \""
                    + RemoteErrorTranslator.oneLine(operationId) + "\"");
        }
    }

    /** With the default settings. */
    public Change(String operationId, Author author, ChangePlanner planner) {
        this(operationId, author, planner, CommitSettings.DEFAULT);
    }

    /** A copy with another planner. */
    Change with(ChangePlanner other) {
        return new Change(operationId, author, other, settings);
    }
}
