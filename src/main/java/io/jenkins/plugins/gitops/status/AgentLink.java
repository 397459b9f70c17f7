package io.jenkins.plugins.gitops.status;

import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * A link to the page on which an agent shows a target.
 *
 * @param text one line, not escaped
 * @param url https or http, not escaped for HTML
 */
@ExportedBean(defaultVisibility = 2)
@Restricted(NoExternalUse.class)
public record AgentLink(@Exported String text, @Exported String url) {
    /** @return empty when the URI is not one that a browser should open */
    public static Optional<AgentLink> of(String text, URI page) {
        String scheme = String.valueOf(page.getScheme()).toLowerCase(Locale.ROOT);
        boolean web = (scheme.equals("https") || scheme.equals("http")) && page.getHost() != null;
        return web ? Optional.of(new AgentLink(TextSanitizer.line(text), page.toASCIIString())) : Optional.empty();
    }
}
