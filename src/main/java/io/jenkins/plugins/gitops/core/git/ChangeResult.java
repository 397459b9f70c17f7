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
 */
public record ChangeResult(boolean changed, String revision, Trailers trailers, List<String> files) {
    public ChangeResult {
        files = List.copyOf(files);
    }
}
