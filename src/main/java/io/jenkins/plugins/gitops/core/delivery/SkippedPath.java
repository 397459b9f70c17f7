package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * What a pattern matches and is not a target nevertheless, or is no longer certain to be one.
 *
 * @param path of the folder or file, from the repository's root
 * @param pattern that matches it
 * @param application that it would be of; null where that is not known
 * @param environment that it would be in, or the text in the environment's place; null where that is not known
 * @param reason why it is not a target; the end of a sentence that begins with the path
 * @param remedy what makes it one, a sentence without a full stop
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
