package io.jenkins.plugins.gitops.core.git.remote;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;

/** Gives a connection its credentials. Asked for every connection, so that a rotated credential counts at once. */
@FunctionalInterface
public interface GitCredentials {
    /** For servers that ask for nothing. */
    GitCredentials ANONYMOUS = transport -> {};

    /** @throws IOException when the credential cannot be had; the message is shown to the user */
    void configure(Transport transport) throws IOException;

    /** What people call the credentials, for messages; empty when they have no name. Never a secret. */
    default String name() {
        return "";
    }

    /**
     * What this access knows about a connection that failed: it chose the key, and judged that of the host.
     *
     * @param url of the repository
     * @return null when it knows no more than the exception says
     */
    @CheckForNull
    default GitRemoteException explain(IOException failure, String url) {
        return null;
    }

    /**
     * Gives a connection a user name and password (or token). Over HTTP they are sent at once: waiting to be asked would
     * cost a round trip for every connection.
     */
    static void basic(Transport transport, String user, String password) {
        transport.setCredentialsProvider(new UsernamePasswordCredentialsProvider(user, password));
        if (transport instanceof TransportHttp http) {
            http.setPreemptiveBasicAuthentication(user, password);
        }
    }
}
