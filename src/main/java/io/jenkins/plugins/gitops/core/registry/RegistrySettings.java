package io.jenkins.plugins.gitops.core.registry;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * A registry that may be asked.
 *
 * @param tokenServer where else than in its own domain it may send for tokens; null for nowhere
 * @param login null to ask without credentials
 */
public record RegistrySettings(
        RegistryHost host,
        @CheckForNull RegistryHost tokenServer,
        @CheckForNull RegistryLogin login) {}
