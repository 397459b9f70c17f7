package io.jenkins.plugins.gitops.core.git;

import java.io.IOException;
import org.eclipse.jgit.transport.Transport;

/** Gives a connection its credentials. Asked for every connection, so that a rotated credential counts at once. */
@FunctionalInterface
public interface GitAccess {
    /** For servers that ask for nothing. */
    GitAccess ANONYMOUS = transport -> {};

    /** @throws IOException when the credential cannot be had; the message is shown to the user */
    void configure(Transport transport) throws IOException;
}
