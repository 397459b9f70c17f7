package io.jenkins.plugins.gitops.core.git;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a change writes on one tip. A plan that changes no file of the tip is a no-op.
 *
 * @param files new content by path; files that already have this content are ignored
 * @param removed paths of files to remove; those that do not exist are ignored
 * @param subject the commit's first line
 * @param trailers the commit's trailers
 * @param warnings for the requester of the change, one sentence each
 */
public record ChangePlan(
        Map<String, byte[]> files, Set<String> removed, String subject, Trailers trailers, List<String> warnings) {
    public ChangePlan {
        files = Map.copyOf(files);
        removed = Set.copyOf(removed);
        warnings = List.copyOf(warnings);
    }

    /** A plan without warnings. */
    public ChangePlan(Map<String, byte[]> files, Set<String> removed, String subject, Trailers trailers) {
        this(files, removed, subject, trailers, List.of());
    }

    /** A plan that removes nothing. */
    public ChangePlan(Map<String, byte[]> files, String subject, Trailers trailers) {
        this(files, Set.of(), subject, trailers);
    }
}
