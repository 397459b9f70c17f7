package io.jenkins.plugins.gitops.core.registry;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Set;

/**
 * What a registry said.
 *
 * @param digests that were asked for; empty when the registry did not say
 * @param problem why it did not say, one line; null when it did
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
