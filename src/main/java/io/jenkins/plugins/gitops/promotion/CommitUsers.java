package io.jenkins.plugins.gitops.promotion;

import hudson.ExtensionList;
import hudson.Util;
import hudson.model.User;
import hudson.security.SecurityRealm;
import hudson.security.UserMayOrMayNotExistException2;
import io.jenkins.plugins.gitops.core.model.UserIds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;
import jenkins.security.LastGrantedAuthoritiesProperty;
import org.springframework.security.core.AuthenticationException;

/**
 * Finds the Jenkins users that correspond to the author of a commit: by id, mail address and full name. Creates no
 * users. May query the security realm over the network.
 */
public final class CommitUsers {
    private static final Logger LOGGER = Logger.getLogger(CommitUsers.class.getName());
    /** Only ids of this form are looked up in the realm, since a commit can contain any text. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}");
    /** The name that Jenkins uses for an author it cannot determine. */
    private static final String UNKNOWN = "unknown";

    private final SecurityRealm realm = Jenkins.get().getSecurityRealm();
    private final List<KnownUser> users = new ArrayList<>();
    private final Map<String, Boolean> exists = new HashMap<>();

    private record KnownUser(String id, String fullName, String mail) {}

    /** Reads the current users. */
    public CommitUsers() {
        List<UserMailAddress> mails = ExtensionList.lookup(UserMailAddress.class);
        for (User user : User.getAll()) {
            String mail = "";
            for (UserMailAddress one : mails) {
                mail = mail.isEmpty() ? Util.fixNull(one.of(user)) : mail;
            }
            users.add(new KnownUser(user.getId(), user.getFullName(), mail));
        }
    }

    /**
     * As {@link UserIds#isPerson}, but excludes Jenkins' "unknown" user; a hold by an unknown user still counts as a
     * person's.
     */
    public static boolean isPerson(String id) {
        return UserIds.isPerson(id) && !id.equals(UNKNOWN);
    }

    /** Ids of the users that the author may be; empty when none of them can log in to this Jenkins. */
    public Set<String> of(CommitIdentity author) {
        Set<String> ids = new LinkedHashSet<>();
        for (String candidate : List.of(Util.fixNull(author.user()), author.email(), author.account(), author.name())) {
            if (isPerson(candidate) && ID.matcher(candidate).matches() && exists(candidate)) {
                ids.add(candidate);
            }
        }
        for (KnownUser user : users) {
            if (isSame(user, author) && isPerson(user.id()) && exists(user.id())) {
                ids.add(user.id());
            }
        }
        return ids;
    }

    private boolean isSame(KnownUser user, CommitIdentity author) {
        String id = author.user();
        return isSame(user.mail(), author.email())
                || isSame(user.fullName(), author.name())
                || id != null && key(user.id()).equals(key(id));
    }

    private static boolean isSame(String one, String other) {
        return !one.isBlank()
                && one.strip().toLowerCase(Locale.ROOT).equals(other.strip().toLowerCase(Locale.ROOT));
    }

    private String key(String id) {
        return realm.getUserIdStrategy().keyFor(id);
    }

    /** Reading a change log makes Jenkins create users, so the existence of a {@code User} proves nothing. */
    private boolean exists(String id) {
        return exists.computeIfAbsent(key(id), key -> hasLoggedIn(id) || isInRealm(id));
    }

    private static boolean hasLoggedIn(String id) {
        User user = User.getById(id, false);
        return user != null && user.getProperty(LastGrantedAuthoritiesProperty.class) != null;
    }

    private boolean isInRealm(String id) {
        try {
            realm.loadUserByUsername2(id);
            return true;
        } catch (UserMayOrMayNotExistException2 e) {
            LOGGER.log(Level.FINE, e, () -> "the security realm cannot determine whether " + id + " exists");
            return false;
        } catch (AuthenticationException e) {
            LOGGER.log(Level.FINE, e, () -> id + " is not a user");
            return false;
        }
    }
}
