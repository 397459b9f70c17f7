package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * A path that matches a pattern, but is not a target, or is ambiguous.
 *
 * @param path of the folder or file, from the repository's root
 * @param pattern that matches it
 * @param application that it would belong to; null when unknown
 * @param environment that it would be in, or the text in its position; null when unknown
 * @param reason why it is not a target; the end of a sentence that starts with the path
 * @param remedy that makes it a target, a sentence without a full stop
 */
public record SkippedPath(
        String path,
        String pattern,
        @CheckForNull String application,
        @CheckForNull String environment,
        String reason,
        String remedy) {
    @Override
    public String toString() {
        return path + " " + reason + ". " + remedy + ".";
    }
}
