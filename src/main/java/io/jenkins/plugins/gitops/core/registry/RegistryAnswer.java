package io.jenkins.plugins.gitops.core.registry;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Set;

/**
 * The answer of a registry.
 *
 * @param digests the requested digests; empty if there is a problem
 * @param problem why the registry did not return them, one line; null if it did
 */
public record RegistryAnswer(
        Set<String> digests, @CheckForNull String problem) {
    public RegistryAnswer {
        digests = Set.copyOf(digests);
    }

    static RegistryAnswer of(Set<String> digests) {
        return new RegistryAnswer(digests, null);
    }

    static RegistryAnswer unknown(String problem) {
        return new RegistryAnswer(Set.of(), problem);
    }
}
