package io.jenkins.plugins.gitops.core.git;

import io.jenkins.plugins.gitops.core.git.remote.RemoteErrorTranslator;

/**
 * One commit that is asked for.
 *
 * @param operationId the same operation never commits twice; one line without spaces around it, equals the {@link Trailers#OPERATION} trailer of its plans
 * @param settings how the commit is made
 */
public record Change(String operationId, Author author, ChangePlanner planner, CommitSettings settings) {
    /** @throws IllegalArgumentException when a commit's trailer could not hold the operation id as it is */
    public Change {
        Trailers trailers = Trailers.none().with(Trailers.OPERATION, operationId);
        if (operationId.isEmpty()
                || !trailers.first(Trailers.OPERATION).orElseThrow().equals(operationId)) {
            throw new IllegalArgumentException("an operation id is one line of 1 to 1024 characters, not \""
                    + RemoteErrorTranslator.oneLine(operationId) + "\"");
        }
    }

    /** With the usual settings. */
    public Change(String operationId, Author author, ChangePlanner planner) {
        this(operationId, author, planner, CommitSettings.DEFAULT);
    }

    /** The same with another planner. */
    Change with(ChangePlanner other) {
        return new Change(operationId, author, other, settings);
    }
}
