package io.jenkins.plugins.gitops.core.git;

import java.util.Map;
import java.util.Set;

/**
 * What a change writes on one tip. A plan whose files the tip holds already, and that removes nothing that is there, is a
 * no-op.
 *
 * @param files new bytes by path; those that the tip holds already are dropped
 * @param removed paths of files that are to be gone; those that are not there are dropped
 * @param subject the commit's first line
 * @param trailers the commit's trailers
 */
public record ChangePlan(Map<String, byte[]> files, Set<String> removed, String subject, Trailers trailers) {
    public ChangePlan {
        files = Map.copyOf(files);
        removed = Set.copyOf(removed);
    }

    /** A plan that removes nothing. */
    public ChangePlan(Map<String, byte[]> files, String subject, Trailers trailers) {
        this(files, Set.of(), subject, trailers);
    }
}
