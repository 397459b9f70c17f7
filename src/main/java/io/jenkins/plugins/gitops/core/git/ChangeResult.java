package io.jenkins.plugins.gitops.core.git;

import java.util.List;

/**
 * The result of a change.
 *
 * @param changed false when the tip already had the requested content
 * @param revision the commit of the change; when nothing was changed, the commit that introduced the requested content,
 *     or a later one
 * @param trailers the commit's trailers, or those that it would have had
 * @param files the paths that the commit changed; empty for a no-op
 * @param warnings of the plan, one sentence each; none where an earlier call with the same operation made the commit
 */
public record ChangeResult(
        boolean changed, String revision, Trailers trailers, List<String> files, List<String> warnings) {
    public ChangeResult {
        files = List.copyOf(files);
        warnings = List.copyOf(warnings);
    }

    /** Without warnings. */
    public ChangeResult(boolean changed, String revision, Trailers trailers, List<String> files) {
        this(changed, revision, trailers, files, List.of());
    }
}
