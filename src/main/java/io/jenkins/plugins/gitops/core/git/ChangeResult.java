package io.jenkins.plugins.gitops.core.git;

import java.util.List;

/**
 * What became of a change.
 *
 * @param changed false when the tip already held what was asked for
 * @param revision the change's commit; when nothing was changed, the commit that brought what was asked for, or a later one
 * @param trailers the commit's trailers, or those that it would have had
 * @param files the paths that the commit changed; empty for a no-op
 */
public record ChangeResult(boolean changed, String revision, Trailers trailers, List<String> files) {
    public ChangeResult {
        files = List.copyOf(files);
    }
}
