package io.jenkins.plugins.gitops.core.registry;

import java.io.IOException;

/** Why a registry did not return a digest. The message is one line, without content of a response and without secrets. */
final class RegistryException extends IOException {
    private static final long serialVersionUID = 1L;

    RegistryException(String message) {
        super(message);
    }
}
