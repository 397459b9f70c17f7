package io.jenkins.plugins.gitops.core.registry;

import java.io.IOException;

/** Why a registry did not say what a tag means; one line without anything of a response or a secret. */
final class RegistryException extends IOException {
    private static final long serialVersionUID = 1L;

    RegistryException(String message) {
        super(message);
    }
}
