package io.jenkins.plugins.gitops.core.registry;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * A registry that may be asked.
 *
 * @param tokenServer a token server outside of the registry's domain; null for none
 * @param login null to ask anonymously
 */
public record RegistrySettings(
        RegistryHost host,
        @CheckForNull RegistryHost tokenServer,
        @CheckForNull RegistryLogin login) {}
