package io.jenkins.plugins.gitops.core.git;

import java.util.Map;

/**
 * What a change writes on one tip.
 *
 * @param files new bytes by path; those that the tip holds already are dropped, and a plan without files is a no-op
 * @param subject the commit's first line
 * @param trailers the commit's trailers
 */
public record Plan(Map<String, byte[]> files, String subject, Trailers trailers) {
    public Plan {
        files = Map.copyOf(files);
    }
}
