package io.jenkins.plugins.gitops.core.registry;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A user name and password. The password is never shown. */
public final class RegistryLogin {
    private final String user;
    private final String password;

    public RegistryLogin(String user, String password) {
        this.user = user;
        this.password = password;
    }

    /** The value of the Authorization header. */
    String basic() {
        byte[] bytes = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    public String toString() {
        return "login of " + user;
    }
}
