package io.jenkins.plugins.gitops.core.git.remote;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;

/**
 * Provides the credentials for a connection. Called for every connection, so that a rotated credential takes effect at
 * once.
 */
@FunctionalInterface
public interface GitCredentials {
    /** For servers that require no credentials. */
    GitCredentials ANONYMOUS = transport -> {};

    /** @throws IOException when the credential is not available; the message is shown to the user */
    void configure(Transport transport) throws IOException;

    /** Display name of the credentials, for messages; empty when they have none. Never a secret. */
    default String name() {
        return "";
    }

    /**
     * Explains a failed connection, since the implementation chose the key and verified the host's key.
     *
     * @param url of the repository
     * @return null when there is nothing to add to the exception
     */
    @CheckForNull
    default GitRemoteException explain(IOException failure, String url) {
        return null;
    }

    /**
     * Sets a user name and password (or token) for a connection. Over HTTP they are sent preemptively, since waiting
     * for a challenge would cost a round trip for every connection.
     */
    static void basic(Transport transport, String user, String password) {
        transport.setCredentialsProvider(new UsernamePasswordCredentialsProvider(user, password));
        if (transport instanceof TransportHttp http) {
            http.setPreemptiveBasicAuthentication(user, password);
        }
    }
}
