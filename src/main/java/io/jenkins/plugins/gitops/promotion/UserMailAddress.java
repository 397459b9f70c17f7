package io.jenkins.plugins.gitops.promotion;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionPoint;
import hudson.model.User;
import hudson.tasks.Mailer;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Finds the mail address of a user, by an optional plugin. */
@Restricted(NoExternalUse.class)
public abstract class UserMailAddress implements ExtensionPoint {
    /** The mail address; null when it is not known. Does not use the network. */
    @CheckForNull
    public abstract String of(User user);

    /** The mail address of the user's configuration. */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class Configured extends UserMailAddress {
        /** Fails to load when the plugin is not installed, so that Jenkins skips this extension. */
        private final Class<Mailer.UserProperty> kind = Mailer.UserProperty.class;

        @CheckForNull
        @Override
        public String of(User user) {
            Mailer.UserProperty property = user.getProperty(kind);
            return property == null ? null : property.getEmailAddress();
        }
    }
}
