package io.jenkins.plugins.gitops.promotion;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionPoint;
import hudson.model.User;
import hudson.tasks.Mailer;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The mail address of a user, as far as an optional plugin knows it. */
@Restricted(NoExternalUse.class)
public abstract class UserMailAddress implements ExtensionPoint {
    /** Null when it knows none. No network. */
    @CheckForNull
    public abstract String of(User user);

    /** What stands in the user's configuration. */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class Configured extends UserMailAddress {
        /** Fails at once, so that the extension is left out, where the plugin is not there. */
        private final Class<Mailer.UserProperty> kind = Mailer.UserProperty.class;

        @CheckForNull
        @Override
        public String of(User user) {
            Mailer.UserProperty property = user.getProperty(kind);
            return property == null ? null : property.getEmailAddress();
        }
    }
}
