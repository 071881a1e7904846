// The types of the API. Generated from docs/openapi.json by `npm run synth:openapi`: do not edit.
export interface paths {
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the public keys of access tokens
         * @description Other services can verify access tokens with these keys. The keys do not show whether the session of a token has ended; only a request to this API does.
         */
        get: operations["readKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Register
         * @description The response does not reveal whether the e-mail address already has an account. Log in next. If the login fails, the address has an account with another password.
         */
        post: operations["register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in
         * @description Starts a session. It ends 30 days after the login, and earlier after 14 days without use. Failed attempts delay the next ones. A one-time password of the operator requires `newPassword`. The response does not reveal whether the e-mail address has an account.
         */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get the next access token
         * @description Takes the refresh token from the body, or from the cookie with the header `x-boursomatic: 1`, and returns the next one in the same place. Each refresh token works once. A second use ends the session, because the token may have been stolen. There is one exception: within 10 seconds, and before the next token is used, a second use gets 409 and the session continues, because two tabs may send one token.
         */
        post: operations["refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log out
         * @description Ends the session of the refresh token, and invalidates its access tokens. The token is in the body, or in the cookie with the header `x-boursomatic: 1`. Without a refresh token of a session, it ends the session of the access token. The response does not reveal whether the session existed.
         */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/logout-everywhere": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log out everywhere
         * @description Ends this session too, and invalidates all access tokens.
         *
         *     Requires an access token.
         *
         *     The caller must have logged in, or have called `confirm`, in the last 10 minutes.
         */
        post: operations["logoutEverywhere"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change the password
         * @description Ends all sessions on all devices, and starts a new one here.
         *
         *     Requires an access token.
         */
        post: operations["changePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm who you are
         * @description Permits operations that require a recent confirmation, for 10 minutes and in this session only. Returns new tokens of the session; the old ones no longer work. Failed attempts delay the next ones.
         *
         *     Requires an access token.
         */
        post: operations["confirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read my account
         * @description Requires an access token.
         */
        get: operations["readMe"];
        put?: never;
        post?: never;
        /**
         * Delete my account
         * @description Ends all sessions and disables the account. An administrator can restore it for 30 days. Then your personal data is erased; the record of consents stays under a pseudonym. An administrator must first lose the administrator rights.
         *
         *     Requires an access token.
         *
         *     The caller must have logged in, or have called `confirm`, in the last 10 minutes.
         */
        delete: operations["deleteMe"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read my settings
         * @description Requires an access token.
         */
        get: operations["readSettings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change my settings
         * @description Requires an access token.
         */
        patch: operations["changeSettings"];
        trace?: never;
    };
    "/v1/consent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the risk notice
         * @description Users must accept this text before they can see recommendations.
         */
        get: operations["readConsent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/consent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept the risk notice
         * @description Accepting it again changes nothing.
         *
         *     Requires an access token.
         */
        post: operations["acceptConsent"];
        /**
         * Withdraw my consent
         * @description You can no longer see recommendations. Your earlier consent stays in the history.
         *
         *     Requires an access token.
         */
        delete: operations["withdrawConsent"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/consents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List my consents
         * @description Requires an access token.
         */
        get: operations["listConsents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List my sessions
         * @description Requires an access token.
         */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End one of my sessions
         * @description Also invalidates its access tokens.
         *
         *     Requires an access token.
         *
         *     The caller must have logged in, or have called `confirm`, in the last 10 minutes.
         */
        delete: operations["endSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List my API keys
         * @description Requires an access token.
         */
        get: operations["listApiKeys"];
        put?: never;
        /**
         * Make an API key
         * @description A program sends the key in place of an access token: `Authorization: Bearer bmk_…`. The key reads market data and your watchlist, and recommendations if you have accepted the risk notice. It cannot read the rest of your account. It changes nothing, except your watchlist if you set `mayFollow`. It may send 300 requests a minute. You may have 20 keys that have not expired.
         *
         *     Requires an access token.
         *
         *     The caller must have logged in, or have called `confirm`, in the last 10 minutes.
         */
        post: operations["createApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke one of my API keys
         * @description The key stops working at once, and for good. Also removes an expired key from the list.
         *
         *     Requires an access token.
         *
         *     The caller must have logged in, or have called `confirm`, in the last 10 minutes.
         */
        delete: operations["revokeApiKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/security-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List my security events
         * @description Logins, refused logins and changes of your account, newest first. Events are stored for 400 days.
         *
         *     Requires an access token.
         */
        get: operations["listOwnSecurityEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/notices/seen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mark notices as seen
         * @description `readMe` then omits the notices up to this time. A time before the previous one changes nothing. A future time is treated as now.
         *
         *     Requires an access token.
         */
        post: operations["markNoticesSeen"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/changes/seen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mark changes as seen
         * @description `readMe` then has this instant as `changesSeenAt`, on every device. An instant before the previous one changes nothing. A future instant is treated as now.
         *
         *     Requires an access token.
         */
        post: operations["markChangesSeen"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export my data
         * @description Counters of failed logins are not included, because they are stored as hashes that cannot be traced to a user.
         *
         *     Requires an access token.
         *
         *     The caller must have logged in, or have called `confirm`, in the last 10 minutes.
         */
        get: operations["exportMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/alerts/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List my channels
         * @description Requires an access token.
         */
        get: operations["listAlertChannels"];
        put?: never;
        /**
         * Add a channel
         * @description Sends a test message. The channel receives alerts after that message has arrived. An e-mail address receives them after you have confirmed it with the code in the message. You may have 10 channels. Your first channel also adds a rule: label changes of the stocks that you follow.
         *
         *     Requires an access token.
         */
        post: operations["addAlertChannel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/alerts/channels/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a channel
         * @description Also removes its messages, and the channel from your rules.
         *
         *     Requires an access token.
         */
        delete: operations["removeAlertChannel"];
        options?: never;
        head?: never;
        /**
         * Rename a channel, or switch it on or off
         * @description A disabled channel receives nothing, and its waiting messages are dropped. If you did not disable it yourself, switching it on sends a test message first.
         *
         *     Requires an access token.
         */
        patch: operations["changeAlertChannel"];
        trace?: never;
    };
    "/v1/me/alerts/channels/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test message
         * @description The message to an unconfirmed e-mail address contains the code. You may send 20 test messages a day.
         *
         *     Requires an access token.
         */
        post: operations["testAlertChannel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/alerts/channels/{id}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm an e-mail address
         * @description The code is in the test message, and is valid for a day. After five wrong codes, send a test message to get a new one.
         *
         *     Requires an access token.
         */
        post: operations["confirmAlertChannel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/alerts/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List my rules
         * @description Requires an access token.
         */
        get: operations["listAlertRules"];
        put?: never;
        /**
         * Add a rule
         * @description You may have 20 rules. A change that several rules want is sent once to each channel.
         *
         *     Requires an access token.
         */
        post: operations["addAlertRule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/alerts/rules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete a rule
         * @description Requires an access token.
         */
        delete: operations["deleteAlertRule"];
        options?: never;
        head?: never;
        /**
         * Change a rule
         * @description Members that you leave out keep their values. The kind cannot change.
         *
         *     Requires an access token.
         */
        patch: operations["changeAlertRule"];
        trace?: never;
    };
    "/v1/me/alerts/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read when I receive messages
         * @description Requires an access token.
         */
        get: operations["readAlertSettings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change when I receive messages
         * @description In quiet hours, messages wait until they end. Test messages do not wait. Members that you leave out keep their values.
         *
         *     Requires an access token.
         */
        patch: operations["changeAlertSettings"];
        trace?: never;
    };
    "/v1/me/alerts/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List my messages
         * @description Newest first. Messages that ended are kept for 30 days.
         *
         *     Requires an access token.
         */
        get: operations["listAlertMessages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/alerts/messages/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an undelivered message again
         * @description The message has the same id and content as before, and a new day of attempts.
         *
         *     Requires an access token.
         */
        post: operations["retryAlertMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/alerts/unsubscribe": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See what the link of a message stops
         * @description Changes nothing, so that programs that open links in messages stop none.
         */
        get: operations["readUnsubscription"];
        put?: never;
        /**
         * Stop the messages of a channel
         * @description Stops all messages to the channel of the link at once, without a login (RFC 8058). The body is ignored. A repeated request and an unknown token get the same response.
         */
        post: operations["unsubscribe"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/watchlist": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the stocks that I follow
         * @description Each entry has the current call for your preferred profile, if you have accepted the risk notice, or says why there is none.
         *
         *     Requires an access token or an API key.
         */
        get: operations["readWatchlist"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/watchlist/{symbol}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Follow a stock
         * @description A stock that you follow already keeps its place. If no run covers the symbol, the service looks it up at its source of prices and adds it, if the operator allows that. `firstCallDue` then says when its first call is due.
         *
         *     Requires an access token, or an API key that may change the watchlist.
         */
        put: operations["followInstrument"];
        post?: never;
        /**
         * Stop following a stock
         * @description Also deletes your note about it. Runs still cover a stock that you added.
         *
         *     Requires an access token, or an API key that may change the watchlist.
         */
        delete: operations["unfollowInstrument"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/watchlist/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Follow a list of stocks
         * @description Reads symbols that are separated by commas, semicolons, tabs, spaces or line breaks, or a CSV whose header has a column `symbol` or `ticker`, and perhaps `note`. At most 500 symbols; a longer list is refused as a whole. You may repeat an import.
         *
         *     Requires an access token, or an API key that may change the watchlist.
         */
        post: operations["importWatchlist"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prepare a second factor
         * @description Generates the secret of an authenticator app (TOTP, RFC 6238). Login does not require codes until `activateSecondFactor`. Replaces an earlier secret that was not activated.
         *
         *     Requires an access token.
         *
         *     The caller must have logged in, or have called `confirm`, in the last 10 minutes.
         */
        post: operations["createSecondFactor"];
        /**
         * Remove the second factor
         * @description Login then requires only the password. Also removes a secret that was not activated.
         *
         *     Requires an access token.
         *
         *     The caller must have logged in, or have called `confirm`, in the last 10 minutes.
         */
        delete: operations["removeSecondFactor"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/second-factor/activate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Activate the second factor
         * @description From now on, login and confirmation require a code of the authenticator app, or a recovery code.
         *
         *     Requires an access token.
         *
         *     The caller must have logged in, or have called `confirm`, in the last 10 minutes.
         */
        post: operations["activateSecondFactor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/second-factor/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get new recovery codes
         * @description The earlier recovery codes stop working.
         *
         *     Requires an access token.
         *
         *     The caller must have logged in, or have called `confirm`, in the last 10 minutes.
         */
        post: operations["renewRecoveryCodes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recommendations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List current recommendations
         * @description Every response states the age of its data. Recommendations whose data is too old to act on are withheld and counted.
         *
         *     If new recommendations are published between two pages, rows can move from one page to the other. `asOf` then differs between the pages.
         *
         *     Requires an access token or an API key of a user who has accepted the current risk notice.
         */
        get: operations["listRecommendations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recommendations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a recommendation and its explanation
         * @description Also returns archived recommendations. The response includes the outcome once the horizon has passed.
         *
         *     Requires an access token or an API key of a user who has accepted the current risk notice.
         */
        get: operations["readRecommendation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instruments/{symbol}/recommendations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List an instrument's recommendations and outcomes
         * @description Requires an access token or an API key of a user who has accepted the current risk notice.
         */
        get: operations["listInstrumentRecommendations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List changes of calls
         * @description Each run stores what it changed: another label, a reached stop or target, a withheld call, a first call, or a call after a withheld one. Runs for earlier days, and calls that were made after the fact, change nothing.
         *
         *     Requires an access token or an API key of a user who has accepted the current risk notice.
         */
        get: operations["listChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/track-record": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the track record
         * @description Every call is scored once its horizon has passed. Its return runs from the close that it was based on, or from the
         *     open of the next session, to the close at the end of the horizon. It is compared with the average stock over the same
         *     days, because a call predicts how a stock differs from the others, not whether markets rise.
         *
         *     Live calls count by default: those published on their day or up to four calendar days later, by a model whose data end
         *     before it.
         *
         *     Requires an access token or an API key of a user who has accepted the current risk notice.
         */
        get: operations["readTrackRecord"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/track-record/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the calls behind the track record
         * @description The calls of one profile and kind for all instruments, current and archived, with their outcomes. It includes calls whose horizon has not passed.
         *
         *     Requires an access token or an API key of a user who has accepted the current risk notice.
         */
        get: operations["listTrackRecordCalls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/track-record.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export the track record as CSV
         * @description The `groups` of the track record, a line per profile and label. A column is named after the path of its value, such as
         *     `close.afterCosts.lessAveragePct`, and is followed by the `.low` and `.high` end of its interval. A value that is null is
         *     empty.
         *
         *     Requires an access token or an API key of a user who has accepted the current risk notice.
         */
        get: operations["exportTrackRecord"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/publications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List publications
         * @description A publication is the calls that one run published. Each contains the hash of the one before, so that a later change shows.
         *
         *     Requires an access token or an API key of a user who has accepted the current risk notice.
         */
        get: operations["listPublications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/publications/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a publication
         * @description The body is canonical JSON (RFC 8785). Its SHA-256 is the `sha256` of the publication, and the ETag.
         *
         *     Send `Accept-Encoding: gzip`: a body above 5 MB is returned only compressed. The ETag then ends in `-gzip`.
         *
         *     Requires an access token or an API key of a user who has accepted the current risk notice.
         */
        get: operations["readPublication"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recommendations/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Recompute a recommendation and compare it with the published one
         * @description Recomputes the label, the probabilities, the expected return, the contributions, the stop and the target from the stored inputs, with the release of the model that made the recommendation. The member `obstacle` of the problem `not-replayable` says why a recommendation cannot be replayed.
         *
         *     Requires an access token or an API key of a user who has accepted the current risk notice.
         */
        get: operations["replayRecommendation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instruments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List and search instruments
         * @description Requires an access token or an API key.
         */
        get: operations["listInstruments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instruments/{symbol}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an instrument
         * @description Requires an access token or an API key.
         */
        get: operations["readInstrument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instruments/{symbol}/bars": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List an instrument's bars
         * @description Requires an access token or an API key.
         */
        get: operations["listBars"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instruments/{symbol}/features": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List an instrument's features
         * @description The daily values that the pipeline computes from bars and the model reads.
         *
         *     Requires an access token or an API key.
         */
        get: operations["listFeatures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/facets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the values of filters
         * @description Requires an access token or an API key.
         */
        get: operations["listFacets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List model versions
         * @description Requires an access token or an API key.
         */
        get: operations["listModels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/active": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the active model and its card
         * @description Requires an access token or an API key.
         */
        get: operations["readActiveModel"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a model version and its card
         * @description Requires an access token or an API key.
         */
        get: operations["readModel"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the state of the service */
        get: operations["readHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the OpenAPI document */
        get: operations["readOpenApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read this reference as HTML */
        get: operations["readDocs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List users
         * @description Sorted by registration, newest first.
         *
         *     Requires the access token of an administrator.
         */
        get: operations["listUsers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete a user
         * @description Ends all sessions of the user, who can no longer log in. `undeleteUser` restores the user for 30 days. Then the personal data is erased. You cannot delete yourself.
         *
         *     Requires the access token of an administrator.
         *
         *     The caller must have logged in, or have called `confirm`, in the last 10 minutes.
         */
        delete: operations["deleteUser"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/users/{id}/undelete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore a deleted user
         * @description The user can log in again and has the same rights as before. The earlier sessions stay ended. Possible for 30 days after the deletion.
         *
         *     Requires the access token of an administrator.
         *
         *     The caller must have logged in, or have called `confirm`, in the last 10 minutes.
         */
        post: operations["undeleteUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/users/{id}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End all sessions of a user
         * @description Also invalidates their access tokens, and revokes the API keys of the user. The user can log in again.
         *
         *     Requires the access token of an administrator.
         *
         *     The caller must have logged in, or have called `confirm`, in the last 10 minutes.
         */
        delete: operations["endUserSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/users/{id}/admin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Make a user an administrator
         * @description Requires the access token of an administrator.
         *
         *     The caller must have logged in, or have called `confirm`, in the last 10 minutes.
         */
        put: operations["grantAdmin"];
        post?: never;
        /**
         * Remove administrator rights from a user
         * @description You cannot remove your own rights, so there is always at least one administrator.
         *
         *     Requires the access token of an administrator.
         *
         *     The caller must have logged in, or have called `confirm`, in the last 10 minutes.
         */
        delete: operations["revokeAdmin"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/security-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List security events
         * @description Logins, refusals, and changes of accounts and rights, newest first. Events are stored for 400 days.
         *
         *     Requires the access token of an administrator.
         */
        get: operations["listSecurityEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/instruments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List instruments with ids
         * @description Sorted by symbol, then by exchange. Each item has the `id` that the change operations take.
         *
         *     Requires the access token of an administrator.
         */
        get: operations["listAdminInstruments"];
        put?: never;
        /**
         * Add an instrument
         * @description The next run loads its bars. Until then there are no recommendations for it.
         *
         *     Requires the access token of an administrator.
         */
        post: operations["createInstrument"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/instruments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Deactivate an instrument
         * @description Runs no longer cover the instrument, and lists no longer show its recommendations. Its history stays. `reactivateInstrument` reverses this.
         *
         *     Requires the access token of an administrator.
         */
        delete: operations["deactivateInstrument"];
        options?: never;
        head?: never;
        /**
         * Change an instrument
         * @description Changes only the fields in the body. A new symbol keeps the history: use it when a company changes its ticker.
         *
         *     Requires the access token of an administrator.
         */
        patch: operations["updateInstrument"];
        trace?: never;
    };
    "/v1/admin/instruments/{id}/reactivate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reactivate an instrument
         * @description The next run covers the instrument again and loads the days that it missed.
         *
         *     Requires the access token of an administrator.
         */
        post: operations["reactivateInstrument"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/models/{version}/promote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Promote a model version
         * @description Activates a registered version if it passes the gate. The next run uses it. Recommendations keep the version that made them.
         *
         *     Requires the access token of an administrator.
         */
        post: operations["promoteModel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/models/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Roll back to an earlier model version
         * @description Activates a version that was active before. The gate does not apply. Each call without a version goes one version further back.
         *
         *     Requires the access token of an administrator.
         */
        post: operations["rollBackModel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List runs
         * @description Sorted by start, newest first.
         *
         *     Requires the access token of an administrator.
         */
        get: operations["listRuns"];
        put?: never;
        /**
         * Start a run
         * @description Returns at once. The run appears in `listRuns` a few seconds later, after its first step. If it cannot use a symbol or a day, it fails there with the reason.
         *
         *     Requires the access token of an administrator.
         */
        post: operations["startRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/runs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a run
         * @description Requires the access token of an administrator.
         */
        get: operations["readRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/runs/{id}/failures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a run's failures
         * @description Requires the access token of an administrator.
         */
        get: operations["listRunFailures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/quarantined-bars": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List quarantined bars
         * @description Suspicious bars, newest first. No feature or recommendation is computed from them.
         *
         *     Requires the access token of an administrator.
         */
        get: operations["listQuarantinedBars"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/alert-messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List undelivered messages
         * @description Messages to users that could not be delivered, newest first, for 30 days. Without addresses and content.
         *
         *     Requires the access token of an administrator.
         */
        get: operations["listUndeliveredMessages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description The response to a registration. */
        Accepted: {
            /**
             * @description Always `accepted`, also if the e-mail address already has an account.
             * @constant
             */
            status: "accepted";
        };
        /** @description An instrument, as administrators see it. */
        AdminInstrument: {
            /**
             * Format: uuid
             * @description The id.
             */
            id: string;
            /** @description The ticker in Yahoo's spelling, such as `BRK-B`. */
            symbol: string;
            /** @description The exchange, such as `NASDAQ`; `UNKNOWN` if it is not known. */
            exchange: string;
            /** @description The company's name. */
            name: string | null;
            /** @description The company's sector. */
            sector: string | null;
            /** @description The company's size by market capitalisation. */
            marketCapBucket: ("small" | "mid" | "large") | null;
            /** @description The price/earnings range. */
            peBucket: ("low" | "medium" | "high") | null;
            /**
             * @description `recommended`: it gets recommendations. `reference`: it gets none, and others are compared with it. `both`. `benchmark`: it only shows what the market returned.
             * @enum {string}
             */
            purpose: "recommended" | "reference" | "both" | "benchmark";
            /** @description Whether the track record compares calls with it. A setting of the installation chooses it. */
            isBenchmark: boolean;
            /** @description The currency of the prices as an ISO 4217 code, such as `USD`; null if unknown. Never a minor unit: shares quoted in pence have prices in `GBP`. */
            currency: string | null;
            /** @description Warnings about its calls. `unvalidated_market`: its exchange, its currency or its symbol is not that of a US stock. The model was trained and tested on US stocks only. */
            marks: "unvalidated_market"[];
            /** @description Whether runs cover the instrument. An inactive one keeps its history. */
            isActive: boolean;
            /**
             * Format: date-time
             * @description When the instrument was added, in UTC.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When the instrument last changed, in UTC.
             */
            updatedAt: string;
        };
        /** @description A page of instruments, as administrators see them. */
        AdminInstrumentPage: {
            items: components["schemas"]["AdminInstrument"][];
            /** @description The `cursor` to send for the next page, with all other parameters unchanged; null on the last page. */
            nextCursor: string | null;
        };
        /** @description A security event, as administrators see it. */
        AdminSecurityEvent: {
            /**
             * Format: uuid
             * @description The id.
             */
            id: string;
            /**
             * Format: date-time
             * @description When it happened, in UTC.
             */
            occurredAt: string;
            /**
             * @description What happened.
             * @enum {string}
             */
            type: "registered" | "login" | "login-refused" | "login-throttled" | "logout" | "sessions-ended" | "session-ended" | "refresh-token-reused" | "password-changed" | "password-reset" | "second-factor-enabled" | "second-factor-disabled" | "recovery-code-used" | "recovery-codes-renewed" | "api-key-created" | "api-key-revoked" | "alert-channel-added" | "alert-channel-removed" | "confirmed" | "confirmation-refused" | "admin-granted" | "admin-revoked" | "user-deleted" | "user-restored" | "account-deleted" | "account-erased" | "data-exported" | "consent-accepted" | "consent-withdrawn" | "access-denied" | "token-refused" | "cookie-refused" | "model-promoted" | "run-started";
            /** @description The `User-Agent` of the browser or program; null if unknown. */
            userAgent: string | null;
            /** @description Identifiers of what the event is about, such as `sessionId` or `runId`. Never a secret. */
            detail: {
                [key: string]: string | number | boolean;
            };
            /** @description The user whose account was used or changed; null if the e-mail address has no account. */
            userId: string | null;
            /** @description The user's e-mail address; null if there is no user, or if it is erased. */
            userEmail: string | null;
            /** @description The administrator who changed another user; null otherwise. */
            actorId: string | null;
            /** @description The administrator's e-mail address; null if there is none, or if it is erased. */
            actorEmail: string | null;
            /** @description The IP address of the request, for IPv6 its /64 network; null if there was no request, or if it is erased. */
            networkAddress: string | null;
            /** @description The id of the request in the logs; null if there was no request. */
            requestId: string | null;
        };
        /** @description A page of security events. */
        AdminSecurityEventPage: {
            items: components["schemas"]["AdminSecurityEvent"][];
            /** @description The `cursor` to send for the next page, with all other parameters unchanged; null on the last page. */
            nextCursor: string | null;
        };
        /** @description A user, as administrators see it. */
        AdminUser: {
            /**
             * Format: uuid
             * @description The id.
             */
            id: string;
            /** @description The e-mail address that the user logs in with; null if it is erased. */
            email: string | null;
            /** @description Whether the user is an administrator. */
            isAdmin: boolean;
            /** @description Whether the user is deleted. A deleted user cannot log in. */
            isDeleted: boolean;
            /** @description Whether the personal data is erased, 30 days after the deletion. The user cannot be restored. */
            isErased: boolean;
            /**
             * Format: date-time
             * @description When the user registered, in UTC.
             */
            createdAt: string;
        };
        /** @description A page of users. */
        AdminUserPage: {
            items: components["schemas"]["AdminUser"][];
            /** @description The `cursor` to send for the next page, with all other parameters unchanged; null on the last page. */
            nextCursor: string | null;
        };
        /** @description A channel on which the user receives messages. */
        AlertChannel: {
            /**
             * Format: uuid
             * @description The id.
             */
            id: string;
            /**
             * @description How messages are sent.
             * @enum {string}
             */
            kind: "email" | "webhook" | "ntfy" | "telegram" | "discord" | "slack";
            /** @description The name that the user gave the channel. */
            name: string;
            /** @description Where messages go, without secrets. Null if the stored settings can no longer be decrypted. */
            target: string | null;
            /**
             * @description `unverified`: no test message has arrived, or the e-mail address is not confirmed, and only test messages are sent. `failing`: the last attempt failed. `disabled`: nothing is sent.
             * @enum {string}
             */
            state: "unverified" | "working" | "failing" | "disabled";
            /**
             * Format: date-time
             * @description When the channel was added, in UTC.
             */
            createdAt: string;
            /** @description When a test message arrived or the address was confirmed, in UTC; null if it has not happened. */
            verifiedAt: string | null;
            /** @description When the attempts began to fail, in UTC; null if the last one did not fail. */
            failingSince: string | null;
            /** @description When the channel was disabled, in UTC; null if it is not. */
            disabledAt: string | null;
            /** @description Why the channel is failing or disabled, in a sentence; null otherwise. */
            reason: string | null;
        };
        /** @description The channels of the user. */
        AlertChannels: {
            /** @description Oldest first. */
            items: components["schemas"]["AlertChannel"][];
            /** @description The kinds of channels that this installation offers. */
            offeredKinds: ("email" | "webhook" | "ntfy" | "telegram" | "discord" | "slack")[];
        };
        /** @description A message to one channel. */
        AlertMessage: {
            /**
             * Format: uuid
             * @description The id, which every attempt carries as its idempotency key.
             */
            id: string;
            /**
             * Format: uuid
             * @description The channel that the message is for.
             */
            channelId: string;
            /** @description The name of the channel. */
            channelName: string;
            /**
             * @description How the message travels.
             * @enum {string}
             */
            channelKind: "email" | "webhook" | "ntfy" | "telegram" | "discord" | "slack";
            /**
             * @description `changes`: soon after calls changed. `digest`: of a day or a week. `test`: a test message.
             * @enum {string}
             */
            kind: "changes" | "digest" | "test";
            /**
             * @description The risk profile of the calls.
             * @enum {string}
             */
            profile: "conservative" | "moderate" | "aggressive";
            /** @description How many changes the message was made for. */
            changes: number;
            /**
             * @description `pending`: waits for an attempt. `dead`: could not be delivered. `dropped`: no longer wanted, for example because you stopped following the stocks.
             * @enum {string}
             */
            state: "pending" | "sent" | "dead" | "dropped";
            /**
             * Format: date-time
             * @description When the message was written, in UTC.
             */
            createdAt: string;
            /** @description Attempts so far. */
            attempts: number;
            /** @description When the next attempt is due, in UTC; null if there is none. Quiet hours may delay it. */
            nextAttemptAt: string | null;
            /** @description When the message was sent or given up, in UTC; null before. */
            endedAt: string | null;
            /** @description Why the last attempt failed, or why the message ended, in a sentence; null otherwise. */
            reason: string | null;
        };
        /** @description A page of your messages. */
        AlertMessagePage: {
            items: components["schemas"]["AlertMessage"][];
            /** @description The `cursor` to send for the next page, with all other parameters unchanged; null on the last page. */
            nextCursor: string | null;
        };
        /** @description A rule that decides which changes the user receives. */
        AlertRule: {
            /**
             * Format: uuid
             * @description The id.
             */
            id: string;
            /**
             * @description `label`: another label, a first call, or a call that is withheld or back. `calls`: a new BUY or SELL. `levels`: a call reached its stop or target. `digest`: all of these, daily or weekly. No digest is sent if nothing changed.
             * @enum {string}
             */
            kind: "label" | "calls" | "levels" | "digest";
            /**
             * @description `followed`: stocks that the user follows. `all`: all stocks.
             * @enum {string}
             */
            scope: "followed" | "all";
            /** @description The risk profile whose calls matter; null for the user's preferred one. */
            profile: ("conservative" | "moderate" | "aggressive") | null;
            /** @description The channels that receive the messages; null for all, including later ones. */
            channelIds: string[] | null;
            /** @description Whether the rule sends messages. */
            isOn: boolean;
            /** @description How often a digest is sent; null for other rules. */
            frequency: ("daily" | "weekly") | null;
            /** @description The local time of a digest; null for other rules. */
            time: string | null;
            /** @description The day of a weekly digest: 1 is Monday; null for other rules. */
            weekday: number | null;
            /**
             * Format: date-time
             * @description When the rule was made, in UTC.
             */
            createdAt: string;
        };
        /** @description The rules of the user. */
        AlertRules: {
            /** @description Oldest first. */
            items: components["schemas"]["AlertRule"][];
        };
        /** @description When the user receives messages. */
        AlertSettings: {
            /** @description The IANA time zone of quiet hours and digests, such as `Europe/Paris`; `UTC` by default. */
            timeZone: string;
            /** @description The local time at which quiet hours begin; null without quiet hours. */
            quietFrom: string | null;
            /** @description The local time at which quiet hours end, on the next day if it is earlier than `quietFrom`; null without them. */
            quietTo: string | null;
        };
        /** @description An API key that is not revoked, without its secret part. */
        ApiKey: {
            /**
             * Format: uuid
             * @description The id.
             */
            id: string;
            /** @description The name that the user gave the key. */
            name: string;
            /** @description The last four characters of the key. */
            ending: string;
            /**
             * Format: date-time
             * @description When the key was made, in UTC.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When the key expires or has expired, in UTC.
             */
            expiresAt: string;
            /** @description When the key was last used, in UTC, to the minute; null if it was never used. */
            lastUsedAt: string | null;
            /** @description Whether the key may change the watchlist. */
            mayFollow: boolean;
        };
        /** @description The API keys of the user. */
        ApiKeys: {
            /** @description Newest first, including expired ones. */
            items: components["schemas"]["ApiKey"][];
        };
        /** @description The prices and volume of a day or a quarter of an hour. */
        Bar: {
            /**
             * Format: date-time
             * @description When the bar begins, in UTC. A daily bar begins at midnight of its trading day.
             */
            ts: string;
            /** @description First price. */
            open: number;
            /** @description Highest price. */
            high: number;
            /** @description Lowest price. */
            low: number;
            /** @description Last price. */
            close: number;
            /** @description Shares traded. */
            volume: number;
        };
        /** @description A page of an instrument's bars. */
        BarPage: {
            /** @description The instrument's symbol. */
            symbol: string;
            /** @description The currency of the prices as an ISO 4217 code, such as `USD`; null if unknown. Never a minor unit: shares quoted in pence have prices in `GBP`. */
            currency: string | null;
            /**
             * @description The length of a bar.
             * @enum {string}
             */
            interval: "daily" | "15m";
            /**
             * Format: date
             * @description First day of the range.
             */
            from: string;
            /**
             * Format: date
             * @description Last day of the range.
             */
            to: string;
            /** @description Oldest first. Daily bars are adjusted for splits and dividends. */
            items: components["schemas"]["Bar"][];
            /** @description The `cursor` to send for the next page, with all other parameters unchanged; null on the last page. */
            nextCursor: string | null;
            /** @description A notice to show to users, such as that the data is a sample; null if there is none. */
            notice: string | null;
        };
        /** @description How often the labels came true, by their stated probability. */
        Calibration: {
            /** @description The number of probabilities with a known outcome: one per stock, day and model. */
            stocks: number;
            /** @description The mean distance between the probability of the likeliest label and how often it came true, over 15 bins of equal width. From 0 to 1. */
            expectedCalibrationError: components["schemas"]["Estimate"];
            /** @description The reliability of the probabilities by label. */
            labels: {
                /**
                 * @description The label that the probabilities are for.
                 * @enum {string}
                 */
                label: "SELL" | "HOLD" | "BUY";
                /** @description The bins with stocks, sorted by probability. */
                bins: {
                    /** @description The mean stated probability of the bin, from 0 to 1. */
                    meanProbability: number;
                    /** @description The share of these stocks for which the label came true, from 0 to 1. */
                    realisedShare: number;
                    /** @description The number of stocks and days in the bin. */
                    stocks: number;
                }[];
            }[];
        };
        /** @description The results of calls that were entered at one price. */
        CallEntry: {
            /** @description The number of calls with this return. */
            calls: number;
            /** @description Without trading costs. */
            beforeCosts: components["schemas"]["CallReturns"];
            /** @description After `costBasisPoints` for each of two trades, which lower the return of BUY. For SELL they raise the return that the holder avoids. HOLD has no costs. */
            afterCosts: components["schemas"]["CallReturns"];
            /** @description The mean return of a momentum list less that of the average stock, in percentage points before costs. The list has as many stocks each day as there are calls: those with the highest (BUY) or lowest (SELL) 12-1 momentum. Null for HOLD. */
            momentumLessAveragePct: components["schemas"]["Estimate"];
            /** @description By the interval of `afterCosts.lessAveragePct`. `better`: all of it is above 0 (BUY) or below 0 (SELL). `worse`: all of it is on the other side. `tooEarly`: it contains 0, or there are too few days. Null for HOLD. */
            verdict: ("better" | "worse" | "tooEarly") | null;
        };
        /** @description The mean return of calls, alone and compared. */
        CallReturns: {
            /** @description The mean return in percent. */
            returnPct: components["schemas"]["Estimate"];
            /** @description That return less the return of the average stock over the same days, in percentage points. */
            lessAveragePct: components["schemas"]["Estimate"];
            /** @description That return less the return of the benchmark over the same days, in percentage points; null without a benchmark. */
            lessBenchmarkPct: components["schemas"]["Estimate"];
        };
        /** @description A change of the calls for a stock and a risk profile. */
        Change: {
            /** @description The id. A later change has a higher one. */
            id: number;
            /** @description The ticker, such as `AAPL`. */
            symbol: string;
            /** @description The exchange; `UNKNOWN` if it is not known. */
            exchange: string;
            /** @description The company's name. */
            name: string | null;
            /** @description The company's sector. */
            sector: string | null;
            /** @description The currency of the prices as an ISO 4217 code, such as `USD`; null if unknown. Never a minor unit: shares quoted in pence have prices in `GBP`. */
            currency: string | null;
            /** @description Warnings about its calls. `unvalidated_market`: its exchange, its currency or its symbol is not that of a US stock. The model was trained and tested on US stocks only. */
            marks: "unvalidated_market"[];
            /**
             * @description The risk profile of the call.
             * @enum {string}
             */
            profile: "conservative" | "moderate" | "aggressive";
            /**
             * @description `label`: the call has another label. `stop`, `target`: the price reached the stop or the target of a BUY or SELL. `withheld`: the call is too old to act on, or its stock is no longer covered. `new`: the first call. `back`: a call again, after the one before was withheld.
             * @enum {string}
             */
            kind: "label" | "stop" | "target" | "withheld" | "new" | "back";
            /** @description The label before the change; null for `new`. */
            from: ("SELL" | "HOLD" | "BUY") | null;
            /** @description The label after the change; null for `stop`, `target` and `withheld`. */
            to: ("SELL" | "HOLD" | "BUY") | null;
            /** @description The reason in one sentence. */
            why: string;
            /**
             * Format: date
             * @description The trading day of the call, or of the bar that reached the stop or the target. For `withheld`, the day of the run that could not renew the call.
             */
            asOf: string;
            /**
             * Format: date-time
             * @description When the change was published by the clock of the database, in UTC.
             */
            occurredAt: string;
            /**
             * Format: uuid
             * @description The id of the new call, of the withheld one, or of that whose level the price reached.
             */
            recommendationId: string;
        };
        /** @description A page of changes. */
        ChangePage: {
            /**
             * @description The risk profile.
             * @enum {string}
             */
            profile: "conservative" | "moderate" | "aggressive";
            /** @description Newest first. */
            items: components["schemas"]["Change"][];
            /** @description The `cursor` to send for the next page, with all other parameters unchanged; null on the last page. */
            nextCursor: string | null;
            /** @description A notice to show to users, such as that the data is a sample; null if there is none. */
            notice: string | null;
        };
        /** @description The acceptance of a risk notice. */
        Consent: {
            /** @description The version of the risk notice: the day from which it is valid. */
            version: string;
            /** @description The SHA-256 of the text in hexadecimal. */
            textSha256: string;
            /**
             * Format: date-time
             * @description When the user accepted the text, in UTC.
             */
            acceptedAt: string;
            /** @description When the user withdrew the consent, in UTC; null if it is valid. */
            withdrawnAt: string | null;
        };
        /** @description The current risk notice. */
        ConsentText: {
            /** @description The version of the risk notice: the day from which it is valid. */
            version: string;
            /** @description The text to accept, in Markdown. */
            text: string;
            /** @description The SHA-256 of the text in hexadecimal. */
            sha256: string;
        };
        /** @description All consents of the user. */
        Consents: {
            /** @description Newest first. */
            items: components["schemas"]["Consent"][];
        };
        /** @description The `items` of the list, an entry per line. A column is named after the path of its value, such as `outcome.returnPct`. Null is empty, and a list is JSON. Texts that a spreadsheet would evaluate begin with an apostrophe. */
        Csv: string;
        /** @description One of an instrument's recommendations and its outcome. */
        EarlierRecommendation: {
            /**
             * Format: uuid
             * @description The id.
             */
            id: string;
            /**
             * @description The risk profile of the recommendation.
             * @enum {string}
             */
            profile: "conservative" | "moderate" | "aggressive";
            /**
             * @description The call.
             * @enum {string}
             */
            label: "SELL" | "HOLD" | "BUY";
            /** @description The calibrated probability of the call. */
            confidence: number;
            /** @description The expected return over the horizon less that of the average stock, in percentage points. */
            expectedReturnPct: number;
            /** @description The horizon in trading days. */
            horizonDays: number;
            /** @description The currency of the prices as an ISO 4217 code, such as `USD`; null if unknown. Never a minor unit: shares quoted in pence have prices in `GBP`. */
            currency: string | null;
            /** @description The price at which to limit the loss; above the close for SELL. */
            stopLoss: number;
            /** @description The price at which to take the profit; below the close for SELL. */
            takeProfit: number;
            /** @description The close that the call is based on; null if it was not stored. */
            lastClose: number | null;
            /**
             * Format: date
             * @description Trading day of the newest bar that the call is based on.
             */
            asOf: string;
            /**
             * Format: date-time
             * @description When the recommendation was published by the clock of the database, in UTC.
             */
            generatedAt: string;
            /**
             * @description `live`: published on `asOf` or up to four calendar days later, by a model whose data end before `asOf`. `backdated`: published later, or before `asOf`. `hindsight`: the data of the model reach `asOf` or later, or their end is not known. `sample`: from the bundled sample. Only live calls count in the track record.
             * @enum {string}
             */
            kind: "live" | "backdated" | "hindsight" | "sample";
            /** @description The model version that made the recommendation. */
            modelVersion: string;
            /** @description The last day of the model's training data; null if its release does not name it. */
            modelDataTo: string | null;
            /**
             * @description `current`: users can act on it. `withheld`: it is the newest one, but users should not act on it, and the list omits it. `archived`: a newer one replaced it.
             * @enum {string}
             */
            standing: "current" | "withheld" | "archived";
            /** @description When a newer recommendation replaced it, in UTC; null if it is not archived. */
            archivedAt: string | null;
            /** @description Why users should not act on it, in one sentence; null if it is current. */
            warning: string | null;
            outcome: components["schemas"]["Outcome"] | null;
        };
        /** @description A value and its 95% interval, from a block bootstrap over days. A block is as long as the horizon. Fewer days than two blocks give no interval. */
        Estimate: {
            /** @description The measured value; null without data. */
            value: number | null;
            /** @description The lower end of the 95% interval; null if there are too few days for one. */
            low: number | null;
            /** @description The upper end of the 95% interval. */
            high: number | null;
        };
        /** @description The contributions of the inputs to an expected return. */
        Explanation: {
            /** @description The inputs that move the expected return away from that of the average stock, strongest first. */
            contributions: {
                /** @description The model's name for the input. */
                feature: string;
                /** @description The input and its value as a sentence without its full stop. */
                words: string;
                /** @description The value of the input; null if it was not stored. */
                value: number | null;
                /** @description The percentage points that the input adds to the expected return. Negative values reduce it. */
                points: number;
            }[];
            /** @description The sum of all contributions in percentage points. */
            sumPct: number;
            /** @description Whether the sum equals the expected return, apart from rounding. */
            addsUp: boolean;
        };
        /** @description All data that the service stores about the user, except the hashes of the password and of API keys, and the secrets of the second factor and of channels. */
        Export: {
            /**
             * Format: date-time
             * @description When the export was made, in UTC.
             */
            exportedAt: string;
            /** @description The account. */
            user: {
                /**
                 * Format: uuid
                 * @description The id.
                 */
                id: string;
                /** @description The e-mail address that the user logs in with. */
                email: string;
                /** @description Whether the user is an administrator. */
                isAdmin: boolean;
                /**
                 * Format: date-time
                 * @description When the user registered, in UTC.
                 */
                createdAt: string;
                /** @description When the user activated the second factor, in UTC. Null without one. */
                secondFactorSince: string | null;
                /** @description The changes of calls up to this instant are marked as seen, in UTC. Null if the user never marked any. */
                changesSeenAt: string | null;
            };
            settings: components["schemas"]["Settings"];
            /** @description Newest first. */
            consents: components["schemas"]["Consent"][];
            /** @description The sessions that have not ended. */
            sessions: components["schemas"]["SessionItem"][];
            /** @description The API keys that are not revoked, newest first. */
            apiKeys: components["schemas"]["ApiKey"][];
            /** @description The followed stocks, by symbol. */
            watchlist: {
                /** @description The symbol of the stock. */
                symbol: string;
                /** @description One line by the user; null without one. */
                note: string | null;
                /**
                 * Format: date-time
                 * @description When the user followed it, in UTC.
                 */
                followedAt: string;
            }[];
            /** @description The stocks that the user added by following them, by symbol. */
            addedInstruments: {
                /** @description The symbol of the stock. */
                symbol: string;
                /**
                 * Format: date-time
                 * @description When the user added it to the installation, in UTC.
                 */
                addedAt: string;
            }[];
            /** @description The channels for messages, oldest first. */
            alertChannels: components["schemas"]["AlertChannel"][];
            /** @description The rules for messages, oldest first. */
            alertRules: components["schemas"]["AlertRule"][];
            alertSettings: components["schemas"]["AlertSettings"];
            /** @description Newest first, at most 1,000. `listAlertMessages` has all of them. */
            alertMessages: components["schemas"]["AlertMessage"][];
            /** @description Newest first, at most 10,000. `listOwnSecurityEvents` has all of them. */
            securityEvents: components["schemas"]["OwnSecurityEvent"][];
        };
        /** @description A value of a filter. */
        Facet: {
            /** @description The value to pass to the filter. */
            value: string;
            /** @description The number of active instruments with this value. */
            instruments: number;
        };
        /** @description The values of the filters `sector` and `exchange`. */
        Facets: {
            /** @description Sorted by name. */
            sectors: components["schemas"]["Facet"][];
            /** @description Sorted by name. */
            exchanges: components["schemas"]["Facet"][];
            /** @description A notice to show to users, such as that the data is a sample; null if there is none. */
            notice: string | null;
        };
        /** @description A page of an instrument's features. */
        FeaturePage: {
            /** @description The instrument's symbol. */
            symbol: string;
            /** @description The currency of the prices as an ISO 4217 code, such as `USD`; null if unknown. Never a minor unit: shares quoted in pence have prices in `GBP`. */
            currency: string | null;
            /**
             * Format: date
             * @description First day of the range.
             */
            from: string;
            /**
             * Format: date
             * @description Last day of the range.
             */
            to: string;
            /** @description Oldest first. */
            items: components["schemas"]["FeatureRow"][];
            /** @description The `cursor` to send for the next page, with all other parameters unchanged; null on the last page. */
            nextCursor: string | null;
            /** @description A notice to show to users, such as that the data is a sample; null if there is none. */
            notice: string | null;
        };
        /** @description An instrument's features on one day. */
        FeatureRow: {
            /**
             * Format: date-time
             * @description The trading day of the features: midnight UTC.
             */
            ts: string;
            /** @description Every settled feature by name; null if the history is too short. */
            values: {
                /** @description Return over 1 bar: C[t] / C[t-1] - 1 */
                ret_1d: number | null;
                /** @description Return over 5 bars: C[t] / C[t-5] - 1 */
                ret_5d: number | null;
                /** @description Return over 20 bars: C[t] / C[t-20] - 1 */
                ret_20d: number | null;
                /** @description Relative strength index over 14 bars with Wilder's smoothing, 0 to 100, rounded to hundredths; 100 if no close fell (Wilder 1978) */
                rsi_14: number | null;
                /** @description Change over 5 bars in average true ranges, comparable across prices: (C[t] - C[t-5]) / atr_14; 0 if atr_14 is 0 */
                momentum_5d: number | null;
                /** @description Annualised volatility: sample standard deviation of the last 20 log returns times sqrt(252) */
                vol_20d: number | null;
                /** @description Average true range over 14 bars with Wilder's smoothing, in the price's currency (Wilder 1978) */
                atr_14: number | null;
                /** @description Volume against its last 20 bars: (V[t] - mean) / sample standard deviation; 0 if all are equal */
                volume_zscore: number | null;
                /** @description Return over 60 bars: C[t] / C[t-60] - 1 */
                ret_60d: number | null;
                /** @description Return over 120 bars: C[t] / C[t-120] - 1 */
                ret_120d: number | null;
                /** @description Return over 252 bars, about a year: C[t] / C[t-252] - 1 */
                ret_252d: number | null;
                /** @description 12-1 momentum: the last year without its last month, C[t-21] / C[t-252] - 1 (Jegadeesh and Titman 1993) */
                mom_12_1: number | null;
                /** @description Distance to the 52-week high: C[t] / max(H over 252 bars) - 1, at most 0 (George and Hwang 2004) */
                dist_high_252: number | null;
                /** @description Distance to the 52-week low: C[t] / min(L over 252 bars) - 1, at least 0 */
                dist_low_252: number | null;
                /** @description Distance to the 20-bar moving average: C[t] / mean(C over 20 bars) - 1 */
                sma_ratio_20: number | null;
                /** @description Distance to the 50-bar moving average: C[t] / mean(C over 50 bars) - 1 */
                sma_ratio_50: number | null;
                /** @description Distance to the 200-bar moving average: C[t] / mean(C over 200 bars) - 1 */
                sma_ratio_200: number | null;
                /** @description MACD (12, 26) less its 9-bar signal, as a share of the close (Appel 1979) */
                macd_hist: number | null;
                /** @description Position within the 20-bar, 2-deviation Bollinger bands: 0 at the lower, 1 at the upper; 0.5 if flat */
                bollinger_pct_b: number | null;
                /** @description Average directional index over 14 bars with Wilder's smoothing, 0 to 100; 0 if no price moved (Wilder 1978) */
                adx_14: number | null;
                /** @description Annualised volatility over 60 log returns, as vol_20d */
                vol_60d: number | null;
                /** @description Short against long volatility: vol_20d / vol_60d; 1 if both are 0 */
                vol_ratio: number | null;
                /** @description Average true range as a share of the close: atr_14 / C[t] */
                atr_pct: number | null;
                /** @description Log of the Amihud illiquidity: ln(mean over 20 bars of (1e-12 + |ret_1d|) / (C V)) in the price's currency, bars without volume left out, null if there is none (Amihud 2002) */
                illiquidity_20: number | null;
                /** @description The largest 1-bar return of the last 20 bars (Bali, Cakici and Whitelaw 2011) */
                max_ret_20d: number | null;
                /** @description Momentum from 12 to 7 months ago: C[t-126] / C[t-252] - 1 (Novy-Marx 2012) */
                mom_12_7: number | null;
                /** @description Return a year ago over the 20 bars that correspond to the coming ones: C[t-232] / C[t-252] - 1 (Heston and Sadka 2008) */
                season_12: number | null;
                /** @description Rising less falling bars, as a share of the 231 bars that end at t-21 (information discreteness of Da, Gurun and Warachka 2014) */
                up_share_231: number | null;
                /** @description Sum of ln(C / O) over the 231 bars that end at t-21 (Lou, Polk and Skouras 2019) */
                intraday_231: number | null;
                /** @description Sum of ln(O / C of the bar before) over the 231 bars that end at t-21 (as intraday_231) */
                overnight_231: number | null;
                /** @description Sum of ln(C / O) over the last 20 bars */
                intraday_20: number | null;
                /** @description Position of the close within the bar, (C - L) / (H - L), mean of 5 bars; 0.5 for a bar without range */
                close_place_5: number | null;
                /** @description Position of the close within the bar, as close_place_5, mean of 20 bars */
                close_place_20: number | null;
                /** @description Log of this week over this quarter in volume: ln((1 + mean V over 5 bars) / (1 + mean V over 60 bars)) */
                volume_ratio_5_60: number | null;
            };
            /** @description Experimental features by name; at present there are none. */
            additional: {
                [key: string]: number | null;
            };
        };
        /** @description The current call for a followed stock. */
        FollowedCall: {
            /**
             * Format: uuid
             * @description The id of the recommendation.
             */
            id: string;
            /**
             * @description The caller's preferred profile.
             * @enum {string}
             */
            profile: "conservative" | "moderate" | "aggressive";
            /**
             * @description The call.
             * @enum {string}
             */
            label: "SELL" | "HOLD" | "BUY";
            /** @description The calibrated probability of the call. */
            confidence: number;
            /**
             * Format: date
             * @description Trading day of the newest bar that the call is based on.
             */
            asOf: string;
        };
        /** @description The state of the service and the age of its data. */
        Health: {
            /**
             * @description The service works.
             * @constant
             */
            status: "ok";
            /**
             * @description Always `ok`; if the database does not respond, the response is a 503.
             * @constant
             */
            database: "ok";
            /** @description Trading day of the newest active recommendation; null if there is none. */
            asOf: string | null;
            /** @description The most recently started run; null if there is none. */
            lastRun: {
                /** @description The id of the run. */
                id: string;
                /**
                 * @description The status of the run.
                 * @enum {string}
                 */
                status: "running" | "succeeded" | "partial" | "failed";
                /**
                 * @description The last step that has written anything; `publish` once the run has succeeded, in part or in full.
                 * @enum {string}
                 */
                step: "plan" | "ingest" | "features" | "infer" | "publish";
                /** @description When the run ended, in UTC; null while it runs. */
                finishedAt: string | null;
            } | null;
            /** @description The active model version; null if there is none. */
            modelVersion: string | null;
            /** @description The updates that the service makes by its own schedule; null if another program starts the runs, as on AWS. */
            updates: {
                /** @description When the first update failed after the last successful one, in UTC; null if the last one succeeded. */
                failingSince: string | null;
                /** @description Why the latest update failed, in one sentence; null if it succeeded. */
                reason: string | null;
                /** @description When the next update begins, in UTC; null if none is planned. */
                nextAt: string | null;
            } | null;
            /** @description A notice to show to users, such as that the data is a sample; null if there is none. */
            notice: string | null;
        };
        /** @description A stock. */
        Instrument: {
            /** @description The ticker, such as `AAPL`. */
            symbol: string;
            /** @description The exchange; `UNKNOWN` if it is not known. */
            exchange: string;
            /** @description The company's name. */
            name: string | null;
            /** @description The company's sector. */
            sector: string | null;
            /** @description The currency of the prices as an ISO 4217 code, such as `USD`; null if unknown. Never a minor unit: shares quoted in pence have prices in `GBP`. */
            currency: string | null;
            /** @description Warnings about its calls. `unvalidated_market`: its exchange, its currency or its symbol is not that of a US stock. The model was trained and tested on US stocks only. */
            marks: "unvalidated_market"[];
            /** @description The company's size by market capitalisation; null if unknown. */
            marketCapBucket: ("small" | "mid" | "large") | null;
            /** @description The price/earnings range; null if unknown. */
            peBucket: ("low" | "medium" | "high") | null;
            /** @description Whether runs cover the instrument. An inactive one keeps its history, which stays readable. */
            isActive: boolean;
        };
        /** @description The fields to change. Others stay. */
        InstrumentChange: {
            /** @description The ticker in Yahoo's spelling, such as `BRK-B`. `brk.b` is read as `BRK-B`. It is unique among active instruments. */
            symbol?: string;
            /** @description The exchange, such as `NASDAQ`; `UNKNOWN` if it is not known. */
            exchange?: string;
            /** @description The company's name. */
            name?: string | null;
            /** @description The company's sector. */
            sector?: string | null;
            /** @description The company's size by market capitalisation. */
            marketCapBucket?: ("small" | "mid" | "large") | null;
            /** @description The price/earnings range. */
            peBucket?: ("low" | "medium" | "high") | null;
            /**
             * @description `recommended`: it gets recommendations. `reference`: it gets none, and others are compared with it. `both`.
             * @enum {string}
             */
            purpose?: "recommended" | "reference" | "both";
        };
        /** @description A stock and the range of its bars. */
        InstrumentDetail: {
            /** @description The ticker, such as `AAPL`. */
            symbol: string;
            /** @description The exchange; `UNKNOWN` if it is not known. */
            exchange: string;
            /** @description The company's name. */
            name: string | null;
            /** @description The company's sector. */
            sector: string | null;
            /** @description The currency of the prices as an ISO 4217 code, such as `USD`; null if unknown. Never a minor unit: shares quoted in pence have prices in `GBP`. */
            currency: string | null;
            /** @description Warnings about its calls. `unvalidated_market`: its exchange, its currency or its symbol is not that of a US stock. The model was trained and tested on US stocks only. */
            marks: "unvalidated_market"[];
            /** @description The company's size by market capitalisation; null if unknown. */
            marketCapBucket: ("small" | "mid" | "large") | null;
            /** @description The price/earnings range; null if unknown. */
            peBucket: ("low" | "medium" | "high") | null;
            /** @description Whether runs cover the instrument. An inactive one keeps its history, which stays readable. */
            isActive: boolean;
            /** @description Day of the first daily bar; null if there is none. */
            firstDay: string | null;
            /** @description Day of the last daily bar; null if there is none. */
            lastDay: string | null;
            /** @description Close of the last daily bar, adjusted for splits and dividends; null if there is none. */
            lastClose: number | null;
            /** @description A notice to show to users, such as that the data is a sample; null if there is none. */
            notice: string | null;
        };
        /** @description A page of instruments. */
        InstrumentPage: {
            /** @description Sorted by symbol, then by exchange. */
            items: components["schemas"]["Instrument"][];
            /** @description The `cursor` to send for the next page, with all other parameters unchanged; null on the last page. */
            nextCursor: string | null;
            /** @description A notice to show to users, such as that the data is a sample; null if there is none. */
            notice: string | null;
        };
        /** @description The signed-in user. */
        Me: {
            /**
             * Format: uuid
             * @description The id.
             */
            id: string;
            /** @description The e-mail address that the user logs in with. */
            email: string;
            /** @description Whether the user is an administrator. */
            isAdmin: boolean;
            /**
             * Format: date-time
             * @description When the user registered, in UTC.
             */
            createdAt: string;
            /**
             * @description The risk profile that requests use by default.
             * @enum {string}
             */
            preferredProfile: "conservative" | "moderate" | "aggressive";
            /** @description Whether the user has a valid consent to the current risk notice. */
            hasConsented: boolean;
            /** @description The version of the current risk notice. */
            consentVersion: string;
            /** @description Whether login requires a code of an authenticator app. */
            hasSecondFactor: boolean;
            /** @description The number of recovery codes that still work. Null without a second factor. */
            recoveryCodesLeft: number | null;
            /**
             * Format: date-time
             * @description You have seen the changes of calls up to this instant, in UTC: the last one that you marked as seen, otherwise when you registered.
             */
            changesSeenAt: string;
            /** @description The newest events that you should know of and have not marked as seen: logins from a new address or browser, changes and resets of the password, changes of the second factor, the API keys or the administrator rights, and reused refresh tokens. Events of this session are not among them. */
            notices: components["schemas"]["OwnSecurityEvent"][];
        };
        /** @description The result of a promotion or a rollback. */
        ModelActivation: {
            /** @description The version that is now active. */
            version: string;
            /** @description The version that was active before; null if there was none. */
            previous: string | null;
            /** @description False if the version was already active. */
            changed: boolean;
            /** @description The verdict of the promotion gate. */
            verdict: {
                /** @description Whether every check passed. */
                passed: boolean;
                checks: {
                    /** @description The name of the check. */
                    name: string;
                    /** @description Whether this check passed. */
                    passed: boolean;
                    /** @description The measured value and the required one. */
                    detail: string;
                }[];
            };
        };
        /** @description The quality and the limits of a model. */
        ModelCard: {
            /** @description The number of test rows. A row is one instrument on one day. */
            rows: number | null;
            /** @description The number of days in the test rows. */
            days: number | null;
            /** @description The assumed cost of a trade in basis points, one way. */
            costBpsOneWay: number | null;
            /** @description Measured out of sample, over all test slices of a purged walk-forward. */
            measures: components["schemas"]["ModelMeasure"][];
            /** @description The hit rate of each call, and the base rate to compare it with. */
            hitRates: {
                /** @description For SELL. */
                SELL: {
                    /** @description Of the rows where this call was the most likely one, the share where it came true. */
                    hitRate: number | null;
                    /** @description The share of all rows where the call came true. */
                    baseRate: number | null;
                };
                /** @description For HOLD. */
                HOLD: {
                    /** @description Of the rows where this call was the most likely one, the share where it came true. */
                    hitRate: number | null;
                    /** @description The share of all rows where the call came true. */
                    baseRate: number | null;
                };
                /** @description For BUY. */
                BUY: {
                    /** @description Of the rows where this call was the most likely one, the share where it came true. */
                    hitRate: number | null;
                    /** @description The share of all rows where the call came true. */
                    baseRate: number | null;
                };
            };
            /** @description The test slices one by one. They show how stable the model is. */
            folds: {
                /** @description First day of the test slice. */
                testFrom: string | null;
                /** @description Last day of the test slice. */
                testTo: string | null;
                /** @description Rows in the slice. */
                rows: number | null;
                /** @description Rank IC in the slice; from v1.0.0, of 5-day returns beyond factors. */
                rankIc: number | null;
                /** @description IC in the slice. */
                ic: number | null;
                /** @description Log loss in the slice. */
                logLoss: number | null;
                /** @description Expected calibration error in the slice. */
                ece: number | null;
            }[];
            /** @description Calibration by call, in bins of rising probability. In a calibrated model, `frequency` is close to `probability`. */
            reliability: {
                /** @description For SELL. */
                SELL: {
                    /** @description The mean predicted probability. */
                    probability: number;
                    /** @description The share of rows where the call came true. */
                    frequency: number;
                    /** @description Rows in the bin. */
                    rows: number;
                }[];
                /** @description For HOLD. */
                HOLD: {
                    /** @description The mean predicted probability. */
                    probability: number;
                    /** @description The share of rows where the call came true. */
                    frequency: number;
                    /** @description Rows in the bin. */
                    rows: number;
                }[];
                /** @description For BUY. */
                BUY: {
                    /** @description The mean predicted probability. */
                    probability: number;
                    /** @description The share of rows where the call came true. */
                    frequency: number;
                    /** @description Rows in the bin. */
                    rows: number;
                }[];
            };
            /** @description The model's limits, in sentences. */
            limits: string[];
        };
        /** @description A model version and its card. */
        ModelDetail: {
            /** @description The version, such as `v1.2.3`. */
            version: string;
            /**
             * Format: date-time
             * @description When the model was trained, in UTC.
             */
            trainedAt: string;
            /** @description The last day of the model's training data; null if its release does not name it. */
            modelDataTo: string | null;
            /** @description Whether runs use this version now. */
            isActive: boolean;
            /** @description Mean precision over SELL, HOLD and BUY, out of sample. */
            precision: number | null;
            /** @description Mean F1 score over SELL, HOLD and BUY, out of sample. */
            f1: number | null;
            /** @description The number of its recommendations, including archived ones. */
            recommendationsCount: number;
            /** @description Calendar days since the end of the data that it learned from; null if unknown. */
            ageDays: number | null;
            /** @description Advice to retrain the model, in one or two sentences, if its training data end more than two years before today; otherwise null. */
            modelNotice: string | null;
            /** @description A fingerprint of the training parameters. */
            paramsHash: string;
            /** @description The last verdict of the promotion gate; null if there is none. */
            gate: {
                /** @description Whether every check passed. */
                passed: boolean;
                /** @description Why the version was activated although it failed the gate; null otherwise. */
                forcedReason: string | null;
                /**
                 * Format: date-time
                 * @description When the gate judged the version, in UTC.
                 */
                at: string;
                /** @description The checks of the gate. */
                checks: {
                    /** @description The name of the check. */
                    name: string;
                    /** @description Whether this check passed. */
                    passed: boolean;
                    /** @description The measured value and the required one. */
                    detail: string;
                }[];
            } | null;
            /** @description For each profile, whether its share of the day's best stocks gained more than the average stock after costs, out of sample. The profile's limit of volatility is not applied. */
            edges: components["schemas"]["ModelEdge"][];
            card: components["schemas"]["ModelCard"];
            /** @description A notice to show to users, such as that the data is a sample; null if there is none. */
            notice: string | null;
        };
        /** @description The out-of-sample gain, after costs, of a profile's share of the day's best stocks. */
        ModelEdge: {
            /**
             * @description The risk profile.
             * @enum {string}
             */
            profile: "conservative" | "moderate" | "aggressive";
            /**
             * @description `shown`: the whole interval is above 0. `not_shown_yet`: the interval is not above 0, or was not measured, so the gain may be chance. `not_measured`: the release has no figures.
             * @enum {string}
             */
            status: "shown" | "not_shown_yet" | "not_measured";
            /** @description The share of the day's stocks, counted from the best, from which the profile takes its BUYs. */
            share: number;
            /** @description The mean return of these stocks over 20 trading days after costs, less that of the average stock, in percentage points; null if not measured. */
            excessPct: number | null;
            /** @description The 95% confidence interval of `excessPct`, in percentage points; null if not measured. */
            interval: {
                /** @description Lower end. */
                low: number;
                /** @description Upper end. */
                high: number;
            } | null;
            /** @description The figures in a sentence. */
            words: string;
        };
        /** @description All registered model versions. */
        ModelList: {
            /** @description Sorted by training, newest first. */
            items: components["schemas"]["ModelSummary"][];
            /** @description A notice to show to users, such as that the data is a sample; null if there is none. */
            notice: string | null;
        };
        /** @description A measure of a model, compared with baselines. */
        ModelMeasure: {
            /**
             * @description The name of the measure.
             * @enum {string}
             */
            name: "e5_rank_ic" | "e5_rank_icir" | "n5_rank_ic" | "n5_rank_icir" | "n20_rank_ic" | "raw20_rank_ic" | "raw20_rank_icir" | "top_2_excess_after_costs" | "top_5_excess_after_costs" | "top_10_excess_after_costs" | "direction_auc" | "direction_brier_skill" | "log_loss_gain_move" | "log_loss_gain_direction" | "rank_ic" | "ic" | "rank_icir" | "icir" | "quintile_spread_sharpe" | "log_loss" | "ece" | "accuracy" | "precision" | "recall" | "f1_score";
            /** @description The measure in words. */
            meaning: string;
            /** @description The model's value. */
            value: number;
            /** @description The 95% confidence interval by block bootstrap over days; null if unknown. */
            interval: {
                /** @description Lower end. */
                low: number;
                /** @description Upper end. */
                high: number;
            } | null;
            /** @description The baselines with this measure. */
            baselines: {
                /**
                 * @description A simple strategy that needs no model.
                 * @enum {string}
                 */
                name: "majority_class" | "momentum_12_1" | "short_term_reversal" | "weekly_reversal";
                /** @description The baseline's value on the same rows. */
                value: number;
                /** @description The baseline's 95% confidence interval; null if unknown. */
                interval: {
                    /** @description Lower end. */
                    low: number;
                    /** @description Upper end. */
                    high: number;
                } | null;
                /** @description 95% confidence interval of the model's value minus the baseline's; null if unknown. If it contains 0, the difference is not significant. */
                difference: {
                    /** @description Lower end. */
                    low: number;
                    /** @description Upper end. */
                    high: number;
                } | null;
            }[];
        };
        /** @description A model version. */
        ModelSummary: {
            /** @description The version, such as `v1.2.3`. */
            version: string;
            /**
             * Format: date-time
             * @description When the model was trained, in UTC.
             */
            trainedAt: string;
            /** @description The last day of the model's training data; null if its release does not name it. */
            modelDataTo: string | null;
            /** @description Whether runs use this version now. */
            isActive: boolean;
            /** @description Mean precision over SELL, HOLD and BUY, out of sample. */
            precision: number | null;
            /** @description Mean F1 score over SELL, HOLD and BUY, out of sample. */
            f1: number | null;
            /** @description The number of its recommendations, including archived ones. */
            recommendationsCount: number;
        };
        /** @description A new channel. */
        NewAlertChannel: {
            /**
             * Format: uuid
             * @description The id.
             */
            id: string;
            /**
             * @description How messages are sent.
             * @enum {string}
             */
            kind: "email" | "webhook" | "ntfy" | "telegram" | "discord" | "slack";
            /** @description The name that the user gave the channel. */
            name: string;
            /** @description Where messages go, without secrets. Null if the stored settings can no longer be decrypted. */
            target: string | null;
            /**
             * @description `unverified`: no test message has arrived, or the e-mail address is not confirmed, and only test messages are sent. `failing`: the last attempt failed. `disabled`: nothing is sent.
             * @enum {string}
             */
            state: "unverified" | "working" | "failing" | "disabled";
            /**
             * Format: date-time
             * @description When the channel was added, in UTC.
             */
            createdAt: string;
            /** @description When a test message arrived or the address was confirmed, in UTC; null if it has not happened. */
            verifiedAt: string | null;
            /** @description When the attempts began to fail, in UTC; null if the last one did not fail. */
            failingSince: string | null;
            /** @description When the channel was disabled, in UTC; null if it is not. */
            disabledAt: string | null;
            /** @description Why the channel is failing or disabled, in a sentence; null otherwise. */
            reason: string | null;
            /** @description The secret that signs the requests of a webhook (Standard Webhooks); null for other kinds. The API shows it only once. */
            secret: string | null;
        };
        /** @description A new API key. The API shows it only once. */
        NewApiKey: {
            /**
             * Format: uuid
             * @description The id.
             */
            id: string;
            /** @description The name that the user gave the key. */
            name: string;
            /** @description The last four characters of the key. */
            ending: string;
            /**
             * Format: date-time
             * @description When the key was made, in UTC.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When the key expires or has expired, in UTC.
             */
            expiresAt: string;
            /** @description When the key was last used, in UTC, to the minute; null if it was never used. */
            lastUsedAt: string | null;
            /** @description Whether the key may change the watchlist. */
            mayFollow: boolean;
            /** @description The key, which begins with `bmk_`. */
            key: string;
        };
        /** @description An instrument to add. */
        NewInstrument: {
            /** @description The ticker in Yahoo's spelling, such as `BRK-B`. `brk.b` is read as `BRK-B`. It is unique among active instruments. */
            symbol: string;
            /**
             * @description The exchange, such as `NASDAQ`; `UNKNOWN` if it is not known.
             * @default UNKNOWN
             */
            exchange?: string;
            /**
             * @description The company's name.
             * @default null
             */
            name?: string | null;
            /**
             * @description The company's sector.
             * @default null
             */
            sector?: string | null;
            /**
             * @description The company's size by market capitalisation.
             * @default null
             */
            marketCapBucket?: ("small" | "mid" | "large") | null;
            /**
             * @description The price/earnings range.
             * @default null
             */
            peBucket?: ("low" | "medium" | "high") | null;
            /**
             * @description `recommended`: it gets recommendations. `reference`: it gets none, and others are compared with it. `both`.
             * @default recommended
             * @enum {string}
             */
            purpose?: "recommended" | "reference" | "both";
        };
        /** @description The secret of a second factor. The API shows it only once. */
        NewSecondFactor: {
            /** @description The secret in Base32, to type into an authenticator app. */
            secret: string;
            /** @description The same secret as an `otpauth` URI, for a QR code. */
            uri: string;
        };
        /** @description An OpenAPI document. */
        OpenApiDocument: {
            /** @description The OpenAPI version. */
            openapi: string;
        } & {
            [key: string]: unknown;
        };
        /** @description The outcome of a recommendation after its horizon. It is computed once: bars that the vendor corrects later do not change it. */
        Outcome: {
            /**
             * Format: date
             * @description The last day of the horizon.
             */
            exitDay: string;
            /** @description The close of the day of the call, as it was published. All prices of the outcome are in its units. */
            entryClose: number;
            /** @description The open of the next session, the first price to trade at; null for outcomes of earlier versions. */
            entryOpen: number | null;
            /** @description The close on the last day of the horizon. */
            exitClose: number;
            /** @description The return from `entryClose` to `exitClose` in percent. */
            realisedReturnPct: number;
            /** @description The return from `entryOpen` to `exitClose` in percent; null for outcomes of earlier versions. */
            openReturnPct: number | null;
            /** @description `realisedReturnPct` after costs of 10 basis points for each of two trades. For SELL the trades are selling and buying back, so the costs raise the return. HOLD has no costs. */
            returnAfterCostsPct: number;
            /** @description `openReturnPct` after the same costs; null for outcomes of earlier versions. */
            openReturnAfterCostsPct: number | null;
            /** @description Which of `stopLoss` and `takeProfit` the daily ranges reached first within the horizon. Null if neither was reached, and for outcomes of earlier versions. */
            firstHit: {
                /**
                 * @description `stop` if one session reached both.
                 * @enum {string}
                 */
                which: "stop" | "target";
                /** @description Sessions after the day of the call; the first one is 1. */
                sessions: number;
            } | null;
            /** @description The average return in percent of all instruments, with recommendations or for reference, over the same horizon. Null until most of them have ended their horizon, and for recommendations that are not live. Outcomes of earlier versions have the average of the instruments with a live recommendation. */
            marketReturnPct: number | null;
            /** @description Whether a BUY beat that average, or a SELL fell short of it; null without it, and for HOLD, which is neither right nor wrong. */
            right: boolean | null;
        };
        /** @description A security event of your account. */
        OwnSecurityEvent: {
            /**
             * Format: uuid
             * @description The id.
             */
            id: string;
            /**
             * Format: date-time
             * @description When it happened, in UTC.
             */
            occurredAt: string;
            /**
             * @description What happened.
             * @enum {string}
             */
            type: "registered" | "login" | "login-refused" | "login-throttled" | "logout" | "sessions-ended" | "session-ended" | "refresh-token-reused" | "password-changed" | "password-reset" | "second-factor-enabled" | "second-factor-disabled" | "recovery-code-used" | "recovery-codes-renewed" | "api-key-created" | "api-key-revoked" | "alert-channel-added" | "alert-channel-removed" | "confirmed" | "confirmation-refused" | "admin-granted" | "admin-revoked" | "user-deleted" | "user-restored" | "account-deleted" | "account-erased" | "data-exported" | "consent-accepted" | "consent-withdrawn" | "access-denied" | "token-refused" | "cookie-refused" | "model-promoted" | "run-started";
            /** @description The `User-Agent` of the browser or program; null if unknown. */
            userAgent: string | null;
            /** @description Identifiers of what the event is about, such as `sessionId` or `runId`. Never a secret. */
            detail: {
                [key: string]: string | number | boolean;
            };
            /** @description The IP address of the request, for IPv6 its /64 network; null if an administrator or an operator made the change. */
            networkAddress: string | null;
            /** @description Whether an administrator made the change. */
            isByAdministrator: boolean;
        };
        /** @description A page of your security events. */
        OwnSecurityEventPage: {
            items: components["schemas"]["OwnSecurityEvent"][];
            /** @description The `cursor` to send for the next page, with all other parameters unchanged; null on the last page. */
            nextCursor: string | null;
        };
        /** @description An error (RFC 9457). */
        Problem: {
            /** @description The problem type, such as `/problems/not-found`. It is stable, so programs can branch on it. */
            type: string;
            /** @description The problem type in words. */
            title: string;
            /** @description The HTTP status. */
            status: number;
            /** @description What went wrong, and what to do. */
            detail?: string;
            /** @description The faults of the request, one by one. */
            errors?: ({
                /** @description The name of a path or query parameter. */
                parameter: string;
                /** @description What is wrong. It continues a sentence that begins with the name of the parameter or member. */
                detail: string;
            } | {
                /** @description A JSON pointer into the body, as a URI fragment such as `#/email`. */
                pointer: string;
                /** @description What is wrong. It continues a sentence that begins with the name of the parameter or member. */
                detail: string;
            })[];
        } & {
            [key: string]: unknown;
        };
        /** @description The options of a promotion. */
        Promotion: {
            /** @description The reason to promote a version although it fails the gate. It is recorded with the promotion. */
            force?: string & (unknown & unknown);
        };
        /** @description A public key (RFC 7517). */
        PublicKey: {
            /**
             * @description The key type.
             * @constant
             */
            kty: "EC";
            /**
             * @description The curve.
             * @constant
             */
            crv: "P-256";
            /** @description The x coordinate. */
            x: string;
            /** @description The y coordinate. */
            y: string;
            /** @description The key id, which the header of a token names. */
            kid: string;
            /**
             * @description The signature algorithm.
             * @constant
             */
            alg: "ES256";
            /**
             * @description Always `sig`: the key verifies signatures.
             * @constant
             */
            use: "sig";
        };
        /** @description A JSON Web Key Set. */
        PublicKeys: {
            /** @description The current key first, then the announced next one, then replaced ones. */
            keys: components["schemas"]["PublicKey"][];
        };
        /** @description The calls that one run published. */
        Publication: {
            /** @description Its number; the first is 1, and no number is missing. */
            id: number;
            /**
             * Format: date
             * @description The as-of of its run: no bar of a later day was read.
             */
            asOf: string;
            /** @description The id of its run. */
            runId: string;
            /**
             * Format: date-time
             * @description When it was published by the clock of the database, in UTC.
             */
            publishedAt: string;
            /** @description SHA-256 of the manifest.json of the model's release, in hexadecimal; null if unknown. */
            releaseSha256: string | null;
            /** @description The `sha256` of the publication before; null for the first. */
            previous: string | null;
            /** @description Sorted by symbol and profile. */
            calls: components["schemas"]["PublishedCall"][];
        };
        /** @description A page of publications. */
        PublicationPage: {
            /** @description Newest first. */
            items: components["schemas"]["PublicationSummary"][];
            /** @description The `cursor` to send for the next page, with all other parameters unchanged; null on the last page. */
            nextCursor: string | null;
        };
        /** @description A publication without its calls. */
        PublicationSummary: {
            /** @description Its number; the first is 1, and no number is missing. */
            id: number;
            /**
             * Format: date
             * @description The as-of of its run: no bar of a later day was read.
             */
            asOf: string;
            /** @description The id of its run. */
            runId: string;
            /**
             * Format: date-time
             * @description When it was published by the clock of the database, in UTC.
             */
            publishedAt: string;
            /** @description SHA-256 of the manifest.json of the model's release, in hexadecimal; null if unknown. */
            releaseSha256: string | null;
            /** @description The `sha256` of the publication before; null for the first. */
            previous: string | null;
            /** @description How many calls it contains. */
            calls: number;
            /** @description SHA-256 of its bytes, which `GET /v1/publications/{id}` returns, in hexadecimal. */
            sha256: string;
        };
        /** @description A call as it was published. */
        PublishedCall: {
            /**
             * Format: uuid
             * @description The id of the recommendation.
             */
            id: string;
            /** @description The instrument's symbol when it was published. */
            symbol: string;
            /** @description The instrument's exchange when it was published. */
            exchange: string;
            /**
             * Format: uuid
             * @description The id of the instrument, which a new symbol does not change.
             */
            instrumentId: string;
            /**
             * @description The risk profile.
             * @enum {string}
             */
            profile: "conservative" | "moderate" | "aggressive";
            /**
             * @description The call.
             * @enum {string}
             */
            label: "SELL" | "HOLD" | "BUY";
            /** @description The calibrated probability of the call. */
            confidence: number | null;
            /** @description The expected return less that of the average stock, in percentage points. */
            expectedReturnPct: number | null;
            /** @description The horizon in trading days. */
            horizonDays: number | null;
            /** @description The price at which to limit the loss. */
            stopLoss: number | null;
            /** @description The price at which to take the profit. */
            takeProfit: number | null;
            /** @description The close of `asOf` as it was then. */
            close: number | null;
            /** @description The average true range of 14 days as it was then. */
            atr: number | null;
            /** @description ISO 4217 code of the prices; null if unknown. */
            currency: string | null;
            /**
             * Format: date-time
             * @description Day of the newest bar that the call is based on.
             */
            asOf: string;
            /**
             * Format: date-time
             * @description When it was published, in UTC.
             */
            generatedAt: string;
            /**
             * @description The kind, as in `Recommendation`.
             * @enum {string}
             */
            kind: "live" | "backdated" | "hindsight" | "sample";
            /** @description The model version. */
            modelVersion: string;
            /** @description The id of the run. */
            runId: string;
            /** @description SHA-256 of the canonical JSON of its `explanation`, `featuresSnapshot` and `justification`. */
            reasonsSha256: string;
        };
        /** @description A suspicious bar, which is stored apart from the others. */
        QuarantinedBar: {
            /**
             * Format: uuid
             * @description The id.
             */
            id: string;
            /** @description The instrument's symbol. */
            symbol: string;
            /** @description The currency of the prices as an ISO 4217 code, such as `USD`; null if unknown. Never a minor unit: shares quoted in pence have prices in `GBP`. */
            currency: string | null;
            /**
             * Format: date-time
             * @description When the bar begins, in UTC.
             */
            ts: string;
            /**
             * @description The length of the bar.
             * @enum {string}
             */
            interval: "daily" | "15m";
            /** @description The first price. Null where the source has none. */
            open: number | null;
            /** @description The highest price. Null where the source has none. */
            high: number | null;
            /** @description The lowest price. Null where the source has none. */
            low: number | null;
            /** @description The last price. Null where the source has none. */
            close: number | null;
            /** @description The number of shares traded. Null where the source has none. */
            volume: number | null;
            /** @description The provider of the bar. */
            source: string;
            /** @description The id of the run, which is also the name of its execution. */
            runId: string;
            /** @description A stable code for why the bar is suspicious. */
            reason: string;
            /** @description The reason in one sentence. */
            message: string;
            /**
             * Format: date-time
             * @description When the bar was quarantined, in UTC.
             */
            createdAt: string;
            /** @description When a later load accepted the bar; null while it is in quarantine. */
            resolvedAt: string | null;
        };
        /** @description A page of quarantined bars. */
        QuarantinedBarPage: {
            items: components["schemas"]["QuarantinedBar"][];
            /** @description The `cursor` to send for the next page, with all other parameters unchanged; null on the last page. */
            nextCursor: string | null;
        };
        /** @description A call for a stock and a risk profile, with its reasons. */
        Recommendation: {
            /**
             * Format: uuid
             * @description The id.
             */
            id: string;
            /**
             * @description The risk profile of the recommendation.
             * @enum {string}
             */
            profile: "conservative" | "moderate" | "aggressive";
            /**
             * @description The call.
             * @enum {string}
             */
            label: "SELL" | "HOLD" | "BUY";
            /** @description The calibrated probability of the call. */
            confidence: number;
            /** @description The expected return over the horizon less that of the average stock, in percentage points. */
            expectedReturnPct: number;
            /** @description The horizon in trading days. */
            horizonDays: number;
            /** @description The currency of the prices as an ISO 4217 code, such as `USD`; null if unknown. Never a minor unit: shares quoted in pence have prices in `GBP`. */
            currency: string | null;
            /** @description The price at which to limit the loss; above the close for SELL. */
            stopLoss: number;
            /** @description The price at which to take the profit; below the close for SELL. */
            takeProfit: number;
            /** @description The close that the call is based on; null if it was not stored. */
            lastClose: number | null;
            /**
             * Format: date
             * @description Trading day of the newest bar that the call is based on.
             */
            asOf: string;
            /**
             * Format: date-time
             * @description When the recommendation was published by the clock of the database, in UTC.
             */
            generatedAt: string;
            /**
             * @description `live`: published on `asOf` or up to four calendar days later, by a model whose data end before `asOf`. `backdated`: published later, or before `asOf`. `hindsight`: the data of the model reach `asOf` or later, or their end is not known. `sample`: from the bundled sample. Only live calls count in the track record.
             * @enum {string}
             */
            kind: "live" | "backdated" | "hindsight" | "sample";
            /** @description The model version that made the recommendation. */
            modelVersion: string;
            /** @description The last day of the model's training data; null if its release does not name it. */
            modelDataTo: string | null;
            /** @description The ticker, such as `AAPL`. */
            symbol: string;
            /** @description The exchange; `UNKNOWN` if it is not known. */
            exchange: string;
            /** @description The company's name. */
            name: string | null;
            /** @description The company's sector. */
            sector: string | null;
            /** @description Warnings about its calls. `unvalidated_market`: its exchange, its currency or its symbol is not that of a US stock. The model was trained and tested on US stocks only. */
            marks: "unvalidated_market"[];
            /** @description The call and its reasons in plain words. */
            justification: string;
            /** @description Calendar days since `asOf`. */
            dataAgeDays: number;
            /** @description Whether the latest run made no call for the instrument, so that this earlier one is its last; see `asOf`. */
            carriedOver: boolean;
        };
        /** @description A recommendation with its explanation, inputs and outcome. */
        RecommendationDetail: {
            /**
             * Format: uuid
             * @description The id.
             */
            id: string;
            /**
             * @description The risk profile of the recommendation.
             * @enum {string}
             */
            profile: "conservative" | "moderate" | "aggressive";
            /**
             * @description The call.
             * @enum {string}
             */
            label: "SELL" | "HOLD" | "BUY";
            /** @description The calibrated probability of the call. */
            confidence: number;
            /** @description The expected return over the horizon less that of the average stock, in percentage points. */
            expectedReturnPct: number;
            /** @description The horizon in trading days. */
            horizonDays: number;
            /** @description The currency of the prices as an ISO 4217 code, such as `USD`; null if unknown. Never a minor unit: shares quoted in pence have prices in `GBP`. */
            currency: string | null;
            /** @description The price at which to limit the loss; above the close for SELL. */
            stopLoss: number;
            /** @description The price at which to take the profit; below the close for SELL. */
            takeProfit: number;
            /** @description The close that the call is based on; null if it was not stored. */
            lastClose: number | null;
            /**
             * Format: date
             * @description Trading day of the newest bar that the call is based on.
             */
            asOf: string;
            /**
             * Format: date-time
             * @description When the recommendation was published by the clock of the database, in UTC.
             */
            generatedAt: string;
            /**
             * @description `live`: published on `asOf` or up to four calendar days later, by a model whose data end before `asOf`. `backdated`: published later, or before `asOf`. `hindsight`: the data of the model reach `asOf` or later, or their end is not known. `sample`: from the bundled sample. Only live calls count in the track record.
             * @enum {string}
             */
            kind: "live" | "backdated" | "hindsight" | "sample";
            /** @description The model version that made the recommendation. */
            modelVersion: string;
            /** @description The last day of the model's training data; null if its release does not name it. */
            modelDataTo: string | null;
            /** @description The ticker, such as `AAPL`. */
            symbol: string;
            /** @description The exchange; `UNKNOWN` if it is not known. */
            exchange: string;
            /** @description The company's name. */
            name: string | null;
            /** @description The company's sector. */
            sector: string | null;
            /** @description Warnings about its calls. `unvalidated_market`: its exchange, its currency or its symbol is not that of a US stock. The model was trained and tested on US stocks only. */
            marks: "unvalidated_market"[];
            /** @description The call and its reasons in plain words. */
            justification: string;
            /** @description Calendar days since `asOf`. */
            dataAgeDays: number;
            /** @description Whether the latest run made no call for the instrument, so that this earlier one is its last; see `asOf`. */
            carriedOver: boolean;
            /**
             * @description `current`: users can act on it. `withheld`: it is the newest one, but users should not act on it, and the list omits it. `archived`: a newer one replaced it.
             * @enum {string}
             */
            standing: "current" | "withheld" | "archived";
            /** @description When a newer recommendation replaced it, in UTC; null if it is not archived. */
            archivedAt: string | null;
            /** @description Why users should not act on it, in one sentence; null if it is current. */
            warning: string | null;
            /**
             * Format: date-time
             * @description When the model of the recommendation was trained, in UTC.
             */
            modelTrainedAt: string;
            /** @description Calendar days since the end of the data that it learned from; null if unknown. */
            modelAgeDays: number | null;
            /** @description Advice to retrain the model, in one or two sentences, if its training data end more than two years before today; otherwise null. */
            modelNotice: string | null;
            probabilities: {
                /** @description The probability of SELL. */
                SELL: number;
                /** @description The probability of HOLD. */
                HOLD: number;
                /** @description The probability of BUY. */
                BUY: number;
            } | null;
            chances: {
                /** @description The chance of SELL or BUY: of clearly lagging or beating the average stock. */
                largeMove: number;
                /** @description The chance of BUY rather than SELL, given a large move. */
                up: number;
            } | null;
            explanation: components["schemas"]["Explanation"] | null;
            universe: {
                /**
                 * Format: date
                 * @description The day of the stocks that the stock was compared with.
                 */
                day: string;
                /** @description The number of those stocks. */
                stocks: number;
                /** @description The reason why that day is earlier than `asOf`, in one sentence; null if it is the same day. */
                note: string | null;
            } | null;
            /** @description The values of all known inputs at inference, by the model's name for the input. */
            features: {
                [key: string]: number;
            };
            outcome: components["schemas"]["Outcome"] | null;
            /** @description A notice to show to users, such as that the data is a sample; null if there is none. */
            notice: string | null;
        };
        /** @description An instrument's recommendations and their results. */
        RecommendationHistory: {
            /** @description The instrument's symbol. */
            symbol: string;
            /** @description Warnings about its calls. `unvalidated_market`: its exchange, its currency or its symbol is not that of a US stock. The model was trained and tested on US stocks only. */
            marks: "unvalidated_market"[];
            /**
             * @description The risk profile.
             * @enum {string}
             */
            profile: "conservative" | "moderate" | "aggressive";
            /** @description The results by call, over all live calls for the instrument and profile whose horizon has passed and whose average instrument is known. */
            summary: {
                /**
                 * @description The call.
                 * @enum {string}
                 */
                label: "SELL" | "HOLD" | "BUY";
                /** @description The number of calls whose horizon has passed, HOLD included. */
                scored: number;
                /** @description The number of calls that were right: a BUY that beat the average instrument over the same days, or a SELL that fell short of it. Null for HOLD, which is neither right nor wrong. */
                right: number | null;
                /** @description The hit rate: `right` as a share of `scored`; null for HOLD. */
                shareRight: number | null;
                /** @description The average return over the horizon in percent. */
                averageReturnPct: number;
                /** @description The average return of all instruments over the same days in percent; null if unknown. */
                averageMarketReturnPct: number | null;
            }[];
            /** @description Newest first, including the current one. */
            items: components["schemas"]["EarlierRecommendation"][];
            /** @description The `cursor` to send for the next page, with all other parameters unchanged; null on the last page. */
            nextCursor: string | null;
            /** @description A notice to show to users, such as that the data is a sample; null if there is none. */
            notice: string | null;
        };
        /** @description A page of current recommendations, and their freshness. */
        RecommendationPage: {
            /**
             * @description The risk profile of the listed recommendations.
             * @enum {string}
             */
            profile: "conservative" | "moderate" | "aggressive";
            /** @description Trading day of the profile's newest active recommendation, including withheld ones; null if there is none. */
            asOf: string | null;
            /** @description The age of the data: calendar days since `asOf`; null if there is none. */
            dataAgeDays: number | null;
            /** @description The active model version; null if there is none. Each item names the version that made it. */
            modelVersion: string | null;
            /** @description Calendar days since the end of the data that the active model learned from; null if there is none, or if that day is unknown. */
            modelAgeDays: number | null;
            /** @description The last day of the model's training data; null if its release does not name it. */
            modelDataTo: string | null;
            /** @description Advice to retrain the model, in one or two sentences, if its training data end more than two years before today; otherwise null. */
            modelNotice: string | null;
            /** @description The coverage of the profile. Filters do not affect it. */
            coverage: {
                /** @description Active instruments with a recommendation for the profile that the latest run made or confirmed. */
                recommended: number;
                /** @description Active instruments that the latest run made no call for, and whose earlier recommendation is still shown. */
                carriedOver: number;
                /** @description All active instruments. */
                activeInstruments: number;
            };
            /** @description Recommendations that are not shown because their data is too old; null if there are none. */
            withheld: {
                /** @description The number of withheld recommendations of the profile. Filters do not affect it. */
                count: number;
                /** @description The reason in one sentence. */
                reason: string;
            } | null;
            /** @description A notice to show to users, such as that the data is a sample; null if there is none. */
            notice: string | null;
            /** @description In the order of `sort`. */
            items: components["schemas"]["Recommendation"][];
            /** @description The `cursor` to send for the next page, with all other parameters unchanged; null on the last page. */
            nextCursor: string | null;
        };
        /** @description New recovery codes. The API shows them only once. */
        RecoveryCodes: {
            /** @description Ten codes. Each replaces the code of the authenticator app once. */
            recoveryCodes: string[];
        };
        /** @description What a replay of a recommendation found. */
        ReplayedRecommendation: {
            /**
             * Format: uuid
             * @description The id of the recommendation.
             */
            id: string;
            /** @description The model version that made the recommendation. */
            modelVersion: string;
            /** @description Whether every recomputed value equals the published one to the bit. */
            isEqual: boolean;
            /** @description The values that differ. */
            differences: {
                /** @description The field, such as `stopLoss`, or the path in the explanation, such as `probabilities.BUY`. */
                field: string;
                /** @description The stored value; null if there is none. */
                published: number | string | null;
                /** @description The recomputed value; null if there is none. */
                replayed: number | string | null;
            }[];
            /**
             * @description Whether the score, its place among the stocks of the day and the contributions were recomputed. `recorded`: they were taken as published, because the recommendation is of an earlier version, which did not keep the scores of the day.
             * @enum {string}
             */
            place: "recomputed" | "recorded";
            /** @description Whether the justification is the same text. It does not count in `isEqual`, because a newer version of the program may word it differently. */
            hasEqualWords: boolean;
            /** @description A notice to show to users, such as that the data is a sample; null if there is none. */
            notice: string | null;
        };
        /** @description The options of a rollback. */
        Rollback: {
            /** @description A version that was active before; by default the one that the active version replaced. */
            version?: string;
        };
        /** @description A pipeline run. */
        Run: {
            /** @description The id of the run, which is also the name of its execution. */
            id: string;
            /**
             * @description The status of the run.
             * @enum {string}
             */
            status: "running" | "succeeded" | "partial" | "failed";
            /**
             * @description The last step that has written anything; `publish` once the run has succeeded, in part or in full.
             * @enum {string}
             */
            step: "plan" | "ingest" | "features" | "infer" | "publish";
            /** @description The kind of run; null if its input was invalid. */
            mode: ("daily" | "intraday" | "backfill") | null;
            /** @description The provider of its bars. */
            provider: string | null;
            /** @description The last trading day that the run read. */
            asOf: string | null;
            /** @description The model version that the run used; null before inference. */
            modelVersion: string | null;
            /**
             * Format: date-time
             * @description When the run started, in UTC.
             */
            startedAt: string;
            /** @description When the run ended, in UTC; null while it runs. */
            finishedAt: string | null;
            /** @description The duration in seconds; null while it runs. */
            durationSeconds: number | null;
            /** @description The work of the run in numbers. */
            counts: {
                /** @description Instruments that the run covers. */
                instruments: number;
                /** @description New or changed bars that the run wrote. */
                bars: number;
                /** @description New or changed feature rows that the run wrote. */
                features: number;
                /** @description Recommendations that the run published. */
                recommendations: number;
                /** @description Instruments that failed. */
                failures: number;
            };
            /** @description Why the run failed; null if it did not. */
            error: string | null;
        };
        /** @description A pipeline run with its input and a summary of its failures. */
        RunDetail: {
            /** @description The id of the run, which is also the name of its execution. */
            id: string;
            /**
             * @description The status of the run.
             * @enum {string}
             */
            status: "running" | "succeeded" | "partial" | "failed";
            /**
             * @description The last step that has written anything; `publish` once the run has succeeded, in part or in full.
             * @enum {string}
             */
            step: "plan" | "ingest" | "features" | "infer" | "publish";
            /** @description The kind of run; null if its input was invalid. */
            mode: ("daily" | "intraday" | "backfill") | null;
            /** @description The provider of its bars. */
            provider: string | null;
            /** @description The last trading day that the run read. */
            asOf: string | null;
            /** @description The model version that the run used; null before inference. */
            modelVersion: string | null;
            /**
             * Format: date-time
             * @description When the run started, in UTC.
             */
            startedAt: string;
            /** @description When the run ended, in UTC; null while it runs. */
            finishedAt: string | null;
            /** @description The duration in seconds; null while it runs. */
            durationSeconds: number | null;
            /** @description The work of the run in numbers. */
            counts: {
                /** @description Instruments that the run covers. */
                instruments: number;
                /** @description New or changed bars that the run wrote. */
                bars: number;
                /** @description New or changed feature rows that the run wrote. */
                features: number;
                /** @description Recommendations that the run published. */
                recommendations: number;
                /** @description Instruments that failed. */
                failures: number;
            };
            /** @description Why the run failed; null if it did not. */
            error: string | null;
            /** @description The input that the run was started with. */
            input: {
                [key: string]: unknown;
            };
            /** @description The reasons for failures, most frequent first. */
            failuresByReason: {
                /** @description The pipeline step that failed. */
                step: string;
                /** @description A stable reason code, such as `insufficient_history`. */
                reason: string;
                /** @description The number of instruments that failed for this reason. */
                instruments: number;
            }[];
        };
        /** @description The failure of one instrument in a run. */
        RunFailure: {
            /**
             * Format: uuid
             * @description The id.
             */
            id: string;
            /** @description The symbol of the instrument that failed. */
            symbol: string;
            /**
             * @description The pipeline step that failed.
             * @enum {string}
             */
            step: "plan" | "fetch" | "load" | "features" | "infer";
            /** @description A stable reason code, such as `insufficient_history`. */
            reason: string;
            /** @description What happened, in one sentence. */
            message: string;
            /**
             * Format: date-time
             * @description When the failure was recorded, in UTC.
             */
            createdAt: string;
        };
        /** @description A page of a run's failures. */
        RunFailurePage: {
            items: components["schemas"]["RunFailure"][];
            /** @description The `cursor` to send for the next page, with all other parameters unchanged; null on the last page. */
            nextCursor: string | null;
        };
        /** @description The input of a run. `{}` starts a daily run of all active instruments. */
        RunInput: {
            /**
             * @description `daily` fetches the days since the last bar, `backfill` the whole history, `intraday` 15-minute bars.
             * @enum {string}
             */
            mode?: "daily" | "intraday" | "backfill";
            /** @description Only these instruments; all active instruments by default. */
            symbols?: string[];
            /**
             * Format: date
             * @description The first day to fetch; by default the first day that each instrument needs.
             */
            from?: string;
            /**
             * Format: date
             * @description The last day that the run may read; today by default.
             */
            to?: string;
            /** @description The id of an earlier run. Its raw records are loaded again, with its mode and days, without a request to any provider. */
            replay?: string;
        };
        /** @description A page of runs. */
        RunPage: {
            items: components["schemas"]["Run"][];
            /** @description The `cursor` to send for the next page, with all other parameters unchanged; null on the last page. */
            nextCursor: string | null;
        };
        /** @description A session: an access token, and a refresh token for the next one. */
        Session: {
            /**
             * @description The scheme of the access token: send it as `Authorization: Bearer …`.
             * @constant
             */
            tokenType: "Bearer";
            /** @description The access token, a JWT. */
            accessToken: string;
            /** @description Seconds until the access token expires. */
            expiresIn: number;
            /** @description The token for the next call of `refresh`. It works once. Null if it is in the cookie. */
            refreshToken: string | null;
            /**
             * Format: date-time
             * @description When the session ends unless it is refreshed, in UTC. A refresh extends it to at most 30 days after the login.
             */
            sessionExpiresAt: string;
        };
        /** @description A session that has not ended. */
        SessionItem: {
            /**
             * Format: uuid
             * @description The id.
             */
            id: string;
            /**
             * Format: date-time
             * @description When the user logged in, in UTC.
             */
            startedAt: string;
            /**
             * Format: date-time
             * @description When the session last received an access token, in UTC.
             */
            lastUsedAt: string;
            /**
             * Format: date-time
             * @description When the session expires unless it is used again, in UTC.
             */
            expiresAt: string;
            /** @description The `User-Agent` of the browser or program that logged in. */
            userAgent: string | null;
            /** @description Whether this request belongs to the session. */
            isCurrent: boolean;
        };
        /** @description The sessions of the user. */
        Sessions: {
            /** @description Most recently used first. */
            items: components["schemas"]["SessionItem"][];
        };
        /** @description The settings of the user. */
        Settings: {
            /**
             * @description The risk profile that requests use by default.
             * @enum {string}
             */
            preferredProfile: "conservative" | "moderate" | "aggressive";
        };
        /** @description A run that has started. */
        StartedRun: {
            /** @description The id of the run, which is also the name of its execution. */
            id: string;
        };
        /** @description The track record of earlier recommendations. */
        TrackRecord: {
            /**
             * @description The kind of the calls.
             * @enum {string}
             */
            kind: "live" | "backdated" | "hindsight" | "sample";
            /** @description First `asOf` of the calls counted; null if there are none. */
            from: string | null;
            /** @description Last `asOf` of the calls counted; null if there are none. */
            to: string | null;
            /** @description The number of days with calls whose horizon has passed. */
            days: number;
            /** @description The number of calls whose horizon has passed. */
            calls: number;
            /** @description The number of calls without a result although their horizon ended about two weeks ago or earlier, mostly because their stock was delisted or is no longer followed. No other figure contains them. */
            overdue: number;
            /** @description The approximate day of the first result, while calls of this kind wait for it; null once there is a result, and if no call waits. */
            firstResultDay: string | null;
            /** @description The horizon of the calls in trading days, the longest if they differ; null without calls. */
            horizonDays: number | null;
            /** @description The symbol of the benchmark, the newest if it changed; null if there is none. */
            benchmark: string | null;
            /** @description The assumed cost of each trade in basis points of its price. */
            costBasisPoints: number;
            /** @description The results by profile and label. Combinations without calls are left out. */
            groups: components["schemas"]["TrackRecordGroup"][];
            /** @description The reliability of the probabilities of all profiles; null if no outcome has a label. */
            calibration: components["schemas"]["Calibration"] | null;
            /** @description The mean over days of Spearman's rank correlation between the score and the return of the day's stocks: 0 is chance, 1 is perfect. */
            rankIc: {
                /** @description The number of days with at least 20 scored stocks, by model. */
                days: number;
                /** @description The measured value; null without data. */
                value: number | null;
                /** @description The lower end of the 95% interval; null if there are too few days for one. */
                low: number | null;
                /** @description The upper end of the 95% interval. */
                high: number | null;
            };
            /**
             * @description The length of a point in `series`: a day; a week beyond a year; a month beyond ten years.
             * @enum {string}
             */
            step: "day" | "week" | "month";
            /** @description The BUY calls by profile over time. */
            series: components["schemas"]["TrackRecordSeries"][];
            /** @description The models that made calls of this kind in these days, sorted by training, newest first. */
            models: {
                /** @description The model version. */
                modelVersion: string;
                /** @description The last day of the model's training data; null if its release does not name it. */
                modelDataTo: string | null;
                /** @description The number of its calls whose horizon has passed. */
                calls: number;
            }[];
            /** @description A notice to show to users, such as that the data is a sample; null if there is none. */
            notice: string | null;
        };
        /** @description A call of the track record and its outcome. */
        TrackRecordCall: {
            /**
             * Format: uuid
             * @description The id.
             */
            id: string;
            /**
             * @description The risk profile of the recommendation.
             * @enum {string}
             */
            profile: "conservative" | "moderate" | "aggressive";
            /**
             * @description The call.
             * @enum {string}
             */
            label: "SELL" | "HOLD" | "BUY";
            /** @description The calibrated probability of the call. */
            confidence: number;
            /** @description The expected return over the horizon less that of the average stock, in percentage points. */
            expectedReturnPct: number;
            /** @description The horizon in trading days. */
            horizonDays: number;
            /** @description The currency of the prices as an ISO 4217 code, such as `USD`; null if unknown. Never a minor unit: shares quoted in pence have prices in `GBP`. */
            currency: string | null;
            /** @description The price at which to limit the loss; above the close for SELL. */
            stopLoss: number;
            /** @description The price at which to take the profit; below the close for SELL. */
            takeProfit: number;
            /** @description The close that the call is based on; null if it was not stored. */
            lastClose: number | null;
            /**
             * Format: date
             * @description Trading day of the newest bar that the call is based on.
             */
            asOf: string;
            /**
             * Format: date-time
             * @description When the recommendation was published by the clock of the database, in UTC.
             */
            generatedAt: string;
            /**
             * @description `live`: published on `asOf` or up to four calendar days later, by a model whose data end before `asOf`. `backdated`: published later, or before `asOf`. `hindsight`: the data of the model reach `asOf` or later, or their end is not known. `sample`: from the bundled sample. Only live calls count in the track record.
             * @enum {string}
             */
            kind: "live" | "backdated" | "hindsight" | "sample";
            /** @description The model version that made the recommendation. */
            modelVersion: string;
            /** @description The last day of the model's training data; null if its release does not name it. */
            modelDataTo: string | null;
            /** @description The ticker, such as `AAPL`. */
            symbol: string;
            /** @description The exchange; `UNKNOWN` if it is not known. */
            exchange: string;
            /** @description The company's name. */
            name: string | null;
            /** @description The company's sector. */
            sector: string | null;
            /** @description Warnings about its calls. `unvalidated_market`: its exchange, its currency or its symbol is not that of a US stock. The model was trained and tested on US stocks only. */
            marks: "unvalidated_market"[];
            outcome: components["schemas"]["Outcome"] | null;
        };
        /** @description A page of the calls behind the track record. */
        TrackRecordCallPage: {
            /**
             * @description The risk profile.
             * @enum {string}
             */
            profile: "conservative" | "moderate" | "aggressive";
            /** @description By `asOf`, newest first. `outcome` is null until the horizon has passed. */
            items: components["schemas"]["TrackRecordCall"][];
            /** @description The `cursor` to send for the next page, with all other parameters unchanged; null on the last page. */
            nextCursor: string | null;
            /** @description A notice to show to users, such as that the data is a sample; null if there is none. */
            notice: string | null;
        };
        /** @description The results of the calls of one profile and label. */
        TrackRecordGroup: {
            /**
             * @description The risk profile.
             * @enum {string}
             */
            profile: "conservative" | "moderate" | "aggressive";
            /**
             * @description The call.
             * @enum {string}
             */
            label: "SELL" | "HOLD" | "BUY";
            /** @description The number of calls whose horizon has passed. */
            calls: number;
            /** @description The number of days with such calls. */
            days: number;
            /** @description The share of calls that were right: a BUY that beat the average stock over the same days, or a SELL that fell short of it. From 0 to 1; null for HOLD. */
            hitRate: components["schemas"]["Estimate"];
            /** @description The share of all called stocks of the same days that did so, whatever their call. From 0 to 1; null for HOLD. */
            baseRate: components["schemas"]["Estimate"];
            /** @description `hitRate` less `baseRate`; null for HOLD. */
            hitRateLessBase: components["schemas"]["Estimate"];
            /** @description Entered at the close of `asOf`, which is the price that the call is based on. */
            close: components["schemas"]["CallEntry"];
            /** @description Entered at the open of the next session, which is the first price for a trade. */
            open: components["schemas"]["CallEntry"];
            /** @description Whether the price reached the stop or the target first within the horizon. A day that reached both counts as the stop. */
            exits: {
                /** @description The number of calls for which this is known. */
                calls: number;
                /** @description The share of calls that reached `stopLoss` first. From 0 to 1. */
                stopRate: components["schemas"]["Estimate"];
                /** @description The share of calls that reached `takeProfit` first. From 0 to 1. */
                targetRate: components["schemas"]["Estimate"];
                /** @description The median number of sessions until `stopLoss`. */
                medianSessionsToStop: components["schemas"]["Estimate"];
                /** @description The median number of sessions until `takeProfit`. */
                medianSessionsToTarget: components["schemas"]["Estimate"];
            };
        };
        /** @description The BUY calls of a profile over time: from the close of `asOf`, before costs. */
        TrackRecordSeries: {
            /**
             * @description The risk profile.
             * @enum {string}
             */
            profile: "conservative" | "moderate" | "aggressive";
            /** @description Oldest first. Days without BUY calls have no point. */
            points: {
                /**
                 * Format: date
                 * @description The first `asOf` of the point.
                 */
                day: string;
                /** @description The number of calls of the point. */
                calls: number;
                /** @description The mean return of these calls less that of the average stock, in percentage points. */
                lessAveragePct: number;
                /** @description Their mean return less that of the benchmark, in percentage points; null without one. */
                lessBenchmarkPct: number | null;
                /** @description `lessAveragePct` over all calls up to this point. */
                cumulativeLessAveragePct: components["schemas"]["Estimate"];
                /** @description `lessBenchmarkPct` over all calls up to this point. */
                cumulativeLessBenchmarkPct: components["schemas"]["Estimate"];
            }[];
        };
        /** @description A message that could not be delivered, without its content and its address. */
        UndeliveredMessage: {
            /**
             * Format: uuid
             * @description The id.
             */
            id: string;
            /**
             * Format: uuid
             * @description The user for whom the message was.
             */
            userId: string;
            /**
             * @description How the message travels.
             * @enum {string}
             */
            channelKind: "email" | "webhook" | "ntfy" | "telegram" | "discord" | "slack";
            /**
             * @description What the message is.
             * @enum {string}
             */
            kind: "changes" | "digest" | "test";
            /**
             * Format: date-time
             * @description When the message was written, in UTC.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was given up, in UTC.
             */
            endedAt: string;
            /** @description How often it was attempted. */
            attempts: number;
            /** @description Why it could not be delivered, in a sentence. */
            reason: string | null;
        };
        /** @description A page of undelivered messages. */
        UndeliveredMessagePage: {
            /** @description Since when no message reaches any user although some are due, in UTC; null while messages arrive or none is due. */
            failingSince: string | null;
            items: components["schemas"]["UndeliveredMessage"][];
            /** @description The `cursor` to send for the next page, with all other parameters unchanged; null on the last page. */
            nextCursor: string | null;
        };
        /** @description What the link of a message stops. */
        Unsubscription: {
            /**
             * @description How the messages travel.
             * @enum {string}
             */
            channelKind: "email" | "webhook" | "ntfy" | "telegram" | "discord" | "slack";
            /** @description Whether this link has not stopped the messages yet. If their user switched them off, the link still makes that final until the channel is confirmed again. */
            isActive: boolean;
        };
        /** @description The stocks that the user follows. */
        Watchlist: {
            /** @description By symbol. At most 1000. */
            items: components["schemas"]["WatchlistEntry"][];
            /** @description A notice to show to users, such as that the data is a sample; null if there is none. */
            notice: string | null;
        };
        /** @description A stock that the user follows. */
        WatchlistEntry: {
            /** @description The ticker, such as `AAPL`. */
            symbol: string;
            /** @description The exchange; `UNKNOWN` if it is not known. */
            exchange: string;
            /** @description The company's name. */
            name: string | null;
            /** @description The company's sector. */
            sector: string | null;
            /** @description The currency of the prices as an ISO 4217 code, such as `USD`; null if unknown. Never a minor unit: shares quoted in pence have prices in `GBP`. */
            currency: string | null;
            /** @description Warnings about its calls. `unvalidated_market`: its exchange, its currency or its symbol is not that of a US stock. The model was trained and tested on US stocks only. */
            marks: "unvalidated_market"[];
            /** @description One line by the user; null without one. */
            note: string | null;
            /**
             * Format: date-time
             * @description When the user followed the stock, in UTC.
             */
            followedAt: string;
            /**
             * @description `current`: it has a call for the caller's preferred profile. `withheld`: its call is too old to act on. `pending`: the next run makes its first call; see `firstCallDue`. `short_history`: it has too few daily bars for a call; see `history`. `unsupported`: it gets no calls; see `reason`.
             * @enum {string}
             */
            state: "current" | "withheld" | "pending" | "short_history" | "unsupported";
            /** @description Why it gets no calls, in one sentence; null in all other states. */
            reason: string | null;
            /** @description When the run begins that makes its first call, in UTC. Null in all states but `pending`, and if no run is scheduled. */
            firstCallDue: string | null;
            /** @description The length of its history; null in all states but `short_history`. */
            history: {
                /** @description The stored daily bars. */
                bars: number;
                /** @description The daily bars that a call needs. */
                needed: number;
            } | null;
            /** @description The call in the state `current`. Null in all other states, and for a user who has not accepted the risk notice. */
            call: components["schemas"]["FollowedCall"] | null;
        };
        /** @description What an import did with each symbol. */
        WatchlistImport: {
            /** @description Each symbol once, in the order of the text. */
            items: {
                /** @description The symbol in canonical form; as pasted if it is not one. */
                symbol: string;
                /**
                 * @description `followed`: you follow it now. `already_followed`: you did before, and its note is unchanged. `added`: it is new here; the next run makes its first call if its history is long enough. `unknown`: the source of prices does not have it. `refused`: see `reason`. `not_tried`: import it again.
                 * @enum {string}
                 */
                outcome: "followed" | "already_followed" | "added" | "unknown" | "refused" | "not_tried";
                /** @description Why you do not follow it, in one sentence; null if you do. */
                reason: string | null;
            }[];
        };
    };
    responses: {
        /** @description API key refused; Not signed in. */
        ApiKeyRefusedOrNotSignedIn: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "/problems/api-key-refused" | "/problems/not-signed-in";
                };
            };
        };
        /** @description Body too large. */
        BodyTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "/problems/body-too-large";
                };
            };
        };
        /** @description Compression required. */
        CompressionRequired: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "/problems/compression-required";
                };
            };
        };
        /** @description Confirmation required; Not allowed. */
        ConfirmationRequiredOrNotAllowed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "/problems/confirmation-required" | "/problems/not-allowed";
                };
            };
        };
        /** @description Conflict. */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "/problems/conflict";
                };
            };
        };
        /** @description Conflict; Model refused by the gate. */
        ConflictOrGateRefused: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "/problems/conflict" | "/problems/gate-refused";
                };
            };
        };
        /** @description Risk notice not accepted. */
        ConsentRequired: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "/problems/consent-required";
                };
            };
        };
        /** @description Database unreachable; The outcome is unknown; Service busy; Storage full. */
        DatabaseUnreachableOrOutcomeUnknownOrServiceBusyOrStorageFull: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "/problems/database-unreachable" | "/problems/outcome-unknown" | "/problems/service-busy" | "/problems/storage-full";
                };
            };
        };
        /** @description Database unreachable; The outcome is unknown; Storage full. */
        DatabaseUnreachableOrOutcomeUnknownOrStorageFull: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "/problems/database-unreachable" | "/problems/outcome-unknown" | "/problems/storage-full";
                };
            };
        };
        /** @description Database unreachable; The outcome is unknown; Storage full; Source of prices unreachable. */
        DatabaseUnreachableOrOutcomeUnknownOrStorageFullOrVendorUnreachable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "/problems/database-unreachable" | "/problems/outcome-unknown" | "/problems/storage-full" | "/problems/vendor-unreachable";
                };
            };
        };
        /** @description Database unreachable; Service busy; Storage full. */
        DatabaseUnreachableOrServiceBusyOrStorageFull: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "/problems/database-unreachable" | "/problems/service-busy" | "/problems/storage-full";
                };
            };
        };
        /** @description Database unreachable; Storage full. */
        DatabaseUnreachableOrStorageFull: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "/problems/database-unreachable" | "/problems/storage-full";
                };
            };
        };
        /** @description Internal error; the service has logged it. */
        Failure: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "about:blank";
                };
            };
        };
        /** @description Headers too large. */
        HeadersTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "/problems/headers-too-large";
                };
            };
        };
        /** @description Invalid cursor; Invalid request. */
        InvalidCursorOrInvalidRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "/problems/invalid-cursor" | "/problems/invalid-request";
                };
            };
        };
        /** @description Invalid request. */
        InvalidRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "/problems/invalid-request";
                };
            };
        };
        /** @description Not allowed. */
        NotAllowed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "/problems/not-allowed";
                };
            };
        };
        /** @description Not found. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "/problems/not-found";
                };
            };
        };
        /** @description Not found; Unknown instrument. */
        NotFoundOrUnknownInstrument: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "/problems/not-found" | "/problems/unknown-instrument";
                };
            };
        };
        /** @description Not found; Unknown model version. */
        NotFoundOrUnknownModel: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "/problems/not-found" | "/problems/unknown-model";
                };
            };
        };
        /** @description Call cannot be replayed. */
        NotReplayable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "/problems/not-replayable";
                };
            };
        };
        /** @description Not signed in. */
        NotSignedIn: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "/problems/not-signed-in";
                };
            };
        };
        /** @description Not signed in; Second factor required; Wrong code; Wrong e-mail address or password. */
        NotSignedInOrSecondFactorRequiredOrWrongCodeOrWrongCredentials: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "/problems/not-signed-in" | "/problems/second-factor-required" | "/problems/wrong-code" | "/problems/wrong-credentials";
                };
            };
        };
        /** @description Not signed in; Wrong code. */
        NotSignedInOrWrongCode: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "/problems/not-signed-in" | "/problems/wrong-code";
                };
            };
        };
        /** @description Outdated risk notice. */
        OutdatedConsent: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "/problems/outdated-consent";
                };
            };
        };
        /** @description Password change required; Second factor required; Wrong code; Wrong e-mail address or password. */
        PasswordChangeRequiredOrSecondFactorRequiredOrWrongCodeOrWrongCredentials: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "/problems/password-change-required" | "/problems/second-factor-required" | "/problems/wrong-code" | "/problems/wrong-credentials";
                };
            };
        };
        /** @description Session ended. */
        SessionEnded: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "/problems/session-ended";
                };
            };
        };
        /** @description Too many attempts. */
        TooManyAttempts: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "/problems/too-many-attempts";
                };
            };
        };
        /** @description Too many requests. */
        TooManyRequests: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "/problems/too-many-requests";
                };
            };
        };
        /** @description Unknown model version. */
        UnknownModel: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "/problems/unknown-model";
                };
            };
        };
        /** @description Body is not JSON. */
        UnsupportedMediaType: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "/problems/unsupported-media-type";
                };
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description The next page of the list, in the form `<target>; rel="next"` (RFC 8288). The target is relative to the server. The last page has no such header. */
        Link: string;
    };
    pathItems: never;
}
export type Accepted = components['schemas']['Accepted'];
export type AdminInstrument = components['schemas']['AdminInstrument'];
export type AdminInstrumentPage = components['schemas']['AdminInstrumentPage'];
export type AdminSecurityEvent = components['schemas']['AdminSecurityEvent'];
export type AdminSecurityEventPage = components['schemas']['AdminSecurityEventPage'];
export type AdminUser = components['schemas']['AdminUser'];
export type AdminUserPage = components['schemas']['AdminUserPage'];
export type AlertChannel = components['schemas']['AlertChannel'];
export type AlertChannels = components['schemas']['AlertChannels'];
export type AlertMessage = components['schemas']['AlertMessage'];
export type AlertMessagePage = components['schemas']['AlertMessagePage'];
export type AlertRule = components['schemas']['AlertRule'];
export type AlertRules = components['schemas']['AlertRules'];
export type AlertSettings = components['schemas']['AlertSettings'];
export type ApiKey = components['schemas']['ApiKey'];
export type ApiKeys = components['schemas']['ApiKeys'];
export type Bar = components['schemas']['Bar'];
export type BarPage = components['schemas']['BarPage'];
export type Calibration = components['schemas']['Calibration'];
export type CallEntry = components['schemas']['CallEntry'];
export type CallReturns = components['schemas']['CallReturns'];
export type Change = components['schemas']['Change'];
export type ChangePage = components['schemas']['ChangePage'];
export type Consent = components['schemas']['Consent'];
export type ConsentText = components['schemas']['ConsentText'];
export type Consents = components['schemas']['Consents'];
export type Csv = components['schemas']['Csv'];
export type EarlierRecommendation = components['schemas']['EarlierRecommendation'];
export type Estimate = components['schemas']['Estimate'];
export type Explanation = components['schemas']['Explanation'];
export type Export = components['schemas']['Export'];
export type Facet = components['schemas']['Facet'];
export type Facets = components['schemas']['Facets'];
export type FeaturePage = components['schemas']['FeaturePage'];
export type FeatureRow = components['schemas']['FeatureRow'];
export type FollowedCall = components['schemas']['FollowedCall'];
export type Health = components['schemas']['Health'];
export type Instrument = components['schemas']['Instrument'];
export type InstrumentChange = components['schemas']['InstrumentChange'];
export type InstrumentDetail = components['schemas']['InstrumentDetail'];
export type InstrumentPage = components['schemas']['InstrumentPage'];
export type Me = components['schemas']['Me'];
export type ModelActivation = components['schemas']['ModelActivation'];
export type ModelCard = components['schemas']['ModelCard'];
export type ModelDetail = components['schemas']['ModelDetail'];
export type ModelEdge = components['schemas']['ModelEdge'];
export type ModelList = components['schemas']['ModelList'];
export type ModelMeasure = components['schemas']['ModelMeasure'];
export type ModelSummary = components['schemas']['ModelSummary'];
export type NewAlertChannel = components['schemas']['NewAlertChannel'];
export type NewApiKey = components['schemas']['NewApiKey'];
export type NewInstrument = components['schemas']['NewInstrument'];
export type NewSecondFactor = components['schemas']['NewSecondFactor'];
export type OpenApiDocument = components['schemas']['OpenApiDocument'];
export type Outcome = components['schemas']['Outcome'];
export type OwnSecurityEvent = components['schemas']['OwnSecurityEvent'];
export type OwnSecurityEventPage = components['schemas']['OwnSecurityEventPage'];
export type Problem = components['schemas']['Problem'];
export type Promotion = components['schemas']['Promotion'];
export type PublicKey = components['schemas']['PublicKey'];
export type PublicKeys = components['schemas']['PublicKeys'];
export type Publication = components['schemas']['Publication'];
export type PublicationPage = components['schemas']['PublicationPage'];
export type PublicationSummary = components['schemas']['PublicationSummary'];
export type PublishedCall = components['schemas']['PublishedCall'];
export type QuarantinedBar = components['schemas']['QuarantinedBar'];
export type QuarantinedBarPage = components['schemas']['QuarantinedBarPage'];
export type Recommendation = components['schemas']['Recommendation'];
export type RecommendationDetail = components['schemas']['RecommendationDetail'];
export type RecommendationHistory = components['schemas']['RecommendationHistory'];
export type RecommendationPage = components['schemas']['RecommendationPage'];
export type RecoveryCodes = components['schemas']['RecoveryCodes'];
export type ReplayedRecommendation = components['schemas']['ReplayedRecommendation'];
export type Rollback = components['schemas']['Rollback'];
export type Run = components['schemas']['Run'];
export type RunDetail = components['schemas']['RunDetail'];
export type RunFailure = components['schemas']['RunFailure'];
export type RunFailurePage = components['schemas']['RunFailurePage'];
export type RunInput = components['schemas']['RunInput'];
export type RunPage = components['schemas']['RunPage'];
export type Session = components['schemas']['Session'];
export type SessionItem = components['schemas']['SessionItem'];
export type Sessions = components['schemas']['Sessions'];
export type Settings = components['schemas']['Settings'];
export type StartedRun = components['schemas']['StartedRun'];
export type TrackRecord = components['schemas']['TrackRecord'];
export type TrackRecordCall = components['schemas']['TrackRecordCall'];
export type TrackRecordCallPage = components['schemas']['TrackRecordCallPage'];
export type TrackRecordGroup = components['schemas']['TrackRecordGroup'];
export type TrackRecordSeries = components['schemas']['TrackRecordSeries'];
export type UndeliveredMessage = components['schemas']['UndeliveredMessage'];
export type UndeliveredMessagePage = components['schemas']['UndeliveredMessagePage'];
export type Unsubscription = components['schemas']['Unsubscription'];
export type Watchlist = components['schemas']['Watchlist'];
export type WatchlistEntry = components['schemas']['WatchlistEntry'];
export type WatchlistImport = components['schemas']['WatchlistImport'];
export type ResponseApiKeyRefusedOrNotSignedIn = components['responses']['ApiKeyRefusedOrNotSignedIn'];
export type ResponseBodyTooLarge = components['responses']['BodyTooLarge'];
export type ResponseCompressionRequired = components['responses']['CompressionRequired'];
export type ResponseConfirmationRequiredOrNotAllowed = components['responses']['ConfirmationRequiredOrNotAllowed'];
export type ResponseConflict = components['responses']['Conflict'];
export type ResponseConflictOrGateRefused = components['responses']['ConflictOrGateRefused'];
export type ResponseConsentRequired = components['responses']['ConsentRequired'];
export type ResponseDatabaseUnreachableOrOutcomeUnknownOrServiceBusyOrStorageFull = components['responses']['DatabaseUnreachableOrOutcomeUnknownOrServiceBusyOrStorageFull'];
export type ResponseDatabaseUnreachableOrOutcomeUnknownOrStorageFull = components['responses']['DatabaseUnreachableOrOutcomeUnknownOrStorageFull'];
export type ResponseDatabaseUnreachableOrOutcomeUnknownOrStorageFullOrVendorUnreachable = components['responses']['DatabaseUnreachableOrOutcomeUnknownOrStorageFullOrVendorUnreachable'];
export type ResponseDatabaseUnreachableOrServiceBusyOrStorageFull = components['responses']['DatabaseUnreachableOrServiceBusyOrStorageFull'];
export type ResponseDatabaseUnreachableOrStorageFull = components['responses']['DatabaseUnreachableOrStorageFull'];
export type ResponseFailure = components['responses']['Failure'];
export type ResponseHeadersTooLarge = components['responses']['HeadersTooLarge'];
export type ResponseInvalidCursorOrInvalidRequest = components['responses']['InvalidCursorOrInvalidRequest'];
export type ResponseInvalidRequest = components['responses']['InvalidRequest'];
export type ResponseNotAllowed = components['responses']['NotAllowed'];
export type ResponseNotFound = components['responses']['NotFound'];
export type ResponseNotFoundOrUnknownInstrument = components['responses']['NotFoundOrUnknownInstrument'];
export type ResponseNotFoundOrUnknownModel = components['responses']['NotFoundOrUnknownModel'];
export type ResponseNotReplayable = components['responses']['NotReplayable'];
export type ResponseNotSignedIn = components['responses']['NotSignedIn'];
export type ResponseNotSignedInOrSecondFactorRequiredOrWrongCodeOrWrongCredentials = components['responses']['NotSignedInOrSecondFactorRequiredOrWrongCodeOrWrongCredentials'];
export type ResponseNotSignedInOrWrongCode = components['responses']['NotSignedInOrWrongCode'];
export type ResponseOutdatedConsent = components['responses']['OutdatedConsent'];
export type ResponsePasswordChangeRequiredOrSecondFactorRequiredOrWrongCodeOrWrongCredentials = components['responses']['PasswordChangeRequiredOrSecondFactorRequiredOrWrongCodeOrWrongCredentials'];
export type ResponseSessionEnded = components['responses']['SessionEnded'];
export type ResponseTooManyAttempts = components['responses']['TooManyAttempts'];
export type ResponseTooManyRequests = components['responses']['TooManyRequests'];
export type ResponseUnknownModel = components['responses']['UnknownModel'];
export type ResponseUnsupportedMediaType = components['responses']['UnsupportedMediaType'];
export type HeaderLink = components['headers']['Link'];
export type $defs = Record<string, never>;
export interface operations {
    readKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key set. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublicKeys"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: email
                     * @description The e-mail address of the account. Case does not matter.
                     */
                    email: string;
                    /**
                     * Format: password
                     * @description The new password. Any characters are allowed. A password that is easy to guess is refused: one that is built from common passwords, your e-mail address, dates or patterns.
                     */
                    password: string;
                };
            };
        };
        responses: {
            /** @description The registration was processed. Log in next. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyAttempts"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrServiceBusyOrStorageFull"];
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: email
                     * @description The e-mail address of the account. Case does not matter.
                     */
                    email: string;
                    /**
                     * Format: password
                     * @description The password.
                     */
                    password: string;
                    /**
                     * Format: password
                     * @description Your own password, which replaces a one-time password. Only with a one-time password.
                     */
                    newPassword?: string;
                    /** @description The code of the authenticator app, or a recovery code. Required if the account has a second factor. */
                    code?: string;
                    /**
                     * @description Where to return the refresh token: in the `body` of the response, or in a `cookie` that scripts cannot read.
                     * @default body
                     * @enum {string}
                     */
                    session?: "body" | "cookie";
                };
            };
        };
        responses: {
            /** @description The session. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["PasswordChangeRequiredOrSecondFactorRequiredOrWrongCodeOrWrongCredentials"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyAttempts"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrServiceBusyOrStorageFull"];
        };
    };
    refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description The refresh token. Leave it out if the browser sends it in the cookie. */
                    refreshToken?: string;
                };
            };
        };
        responses: {
            /** @description New tokens of the same session. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["SessionEnded"];
            403: components["responses"]["NotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description The refresh token. Leave it out if the browser sends it in the cookie. */
                    refreshToken?: string;
                };
            };
        };
        responses: {
            /** @description The session has ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            403: components["responses"]["NotAllowed"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    logoutEverywhere: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All sessions have ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["ConfirmationRequiredOrNotAllowed"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: password
                     * @description The current password.
                     */
                    currentPassword: string;
                    /**
                     * Format: password
                     * @description The new password. Any characters are allowed. A password that is easy to guess is refused: one that is built from common passwords, your e-mail address, dates or patterns.
                     */
                    newPassword: string;
                    /** @description The code of the authenticator app, or a recovery code. Required if the account has a second factor. */
                    code?: string;
                    /**
                     * @description Where to return the refresh token: in the `body` of the response, or in a `cookie` that scripts cannot read.
                     * @default body
                     * @enum {string}
                     */
                    session?: "body" | "cookie";
                };
            };
        };
        responses: {
            /** @description The new session. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedInOrSecondFactorRequiredOrWrongCodeOrWrongCredentials"];
            403: components["responses"]["NotAllowed"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyAttempts"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrServiceBusyOrStorageFull"];
        };
    };
    confirm: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: password
                     * @description The password.
                     */
                    password: string;
                    /** @description The code of the authenticator app, or a recovery code. Required if the account has a second factor. */
                    code?: string;
                    /**
                     * @description Where to return the refresh token: in the `body` of the response, or in a `cookie` that scripts cannot read.
                     * @default body
                     * @enum {string}
                     */
                    session?: "body" | "cookie";
                };
            };
        };
        responses: {
            /** @description New tokens of the confirmed session. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedInOrSecondFactorRequiredOrWrongCodeOrWrongCredentials"];
            403: components["responses"]["NotAllowed"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyAttempts"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrServiceBusyOrStorageFull"];
        };
    };
    readMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Your account. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    deleteMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account is deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["ConfirmationRequiredOrNotAllowed"];
            409: components["responses"]["Conflict"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    readSettings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The settings. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Settings"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    changeSettings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description The risk profile that requests use by default.
                     * @enum {string}
                     */
                    preferredProfile: "conservative" | "moderate" | "aggressive";
                };
            };
        };
        responses: {
            /** @description The changed settings. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Settings"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    readConsent: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The current text. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsentText"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    acceptConsent: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The version of the risk notice: the day from which it is valid. */
                    version: string;
                };
            };
        };
        responses: {
            /** @description The valid consent. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Consent"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            409: components["responses"]["OutdatedConsent"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    withdrawConsent: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description There is no valid consent. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    listConsents: {
        parameters: {
            query?: {
                /** @description The format of the response. By default, the header Accept decides, and `json` is used without a preference. `csv` without `limit` returns up to 5000 entries. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All consents, including withdrawn ones. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Consents"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    listSessions: {
        parameters: {
            query?: {
                /** @description The format of the response. By default, the header Accept decides, and `json` is used without a preference. `csv` without `limit` returns up to 5000 entries. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sessions that have not ended. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sessions"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the session. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session has ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["ConfirmationRequiredOrNotAllowed"];
            404: components["responses"]["NotFound"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    listApiKeys: {
        parameters: {
            query?: {
                /** @description The format of the response. By default, the header Accept decides, and `json` is used without a preference. `csv` without `limit` returns up to 5000 entries. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The keys that are not revoked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeys"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    createApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description A name by which you recognise the key, such as the program that uses it. */
                    name: string;
                    /**
                     * @description How many days the key works; 90 by default.
                     * @default 90
                     */
                    expiresInDays?: number;
                    /**
                     * @description Whether the key may change your watchlist; false by default.
                     * @default false
                     */
                    mayFollow?: boolean;
                };
            };
        };
        responses: {
            /** @description The key. Store it now: the API never shows it again. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewApiKey"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["ConfirmationRequiredOrNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    revokeApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the key. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key is revoked. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["ConfirmationRequiredOrNotAllowed"];
            404: components["responses"]["NotFound"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    listOwnSecurityEvents: {
        parameters: {
            query?: {
                /** @description Only events of this type. */
                type?: "registered" | "login" | "login-refused" | "login-throttled" | "logout" | "sessions-ended" | "session-ended" | "refresh-token-reused" | "password-changed" | "password-reset" | "second-factor-enabled" | "second-factor-disabled" | "recovery-code-used" | "recovery-codes-renewed" | "api-key-created" | "api-key-revoked" | "alert-channel-added" | "alert-channel-removed" | "confirmed" | "confirmation-refused" | "admin-granted" | "admin-revoked" | "user-deleted" | "user-restored" | "account-deleted" | "account-erased" | "data-exported" | "consent-accepted" | "consent-withdrawn" | "access-denied" | "token-refused" | "cookie-refused" | "model-promoted" | "run-started";
                /** @description The largest number of entries to return; 50 by default. */
                limit?: number;
                /** @description The `nextCursor` of the previous page. Keep all other parameters. The cursor is opaque: do not parse or build it. */
                cursor?: string;
                /** @description The format of the response. By default, the header Accept decides, and `json` is used without a preference. `csv` without `limit` returns up to 5000 entries. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the matching events. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnSecurityEventPage"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            400: components["responses"]["InvalidCursorOrInvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    markNoticesSeen: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: date-time
                     * @description The `occurredAt` of the newest notice that the user has seen.
                     */
                    until: string;
                };
            };
        };
        responses: {
            /** @description The notices are marked as seen. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    markChangesSeen: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: date-time
                     * @description The `occurredAt` of the newest change that the user has seen.
                     */
                    until: string;
                };
            };
        };
        responses: {
            /** @description The changes are marked as seen. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    exportMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All data about you. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Export"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["ConfirmationRequiredOrNotAllowed"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    listAlertChannels: {
        parameters: {
            query?: {
                /** @description The format of the response. By default, the header Accept decides, and `json` is used without a preference. `csv` without `limit` returns up to 5000 entries. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The channels, without their secrets. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertChannels"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    addAlertChannel: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description How messages are sent.
                     * @enum {string}
                     */
                    kind: "email" | "webhook" | "ntfy" | "telegram" | "discord" | "slack";
                    /** @description A name by which you recognise the channel; by default the name of its kind. */
                    name?: string;
                    /** @description `email`: `address`. `webhook`: `url`. `ntfy`: `topic`, and optionally `server` and `token`. `telegram`: `botToken`, `chatId`. `discord` and `slack`: `url` of an incoming webhook. */
                    config: {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The channel. Store the secret of a webhook now: the API never shows it again. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewAlertChannel"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    removeAlertChannel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The channel is removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    changeAlertChannel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description A name by which you recognise the channel. */
                    name?: string;
                    /** @description Whether the channel receives messages. */
                    isOn?: boolean;
                };
            };
        };
        responses: {
            /** @description The changed channel. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertChannel"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    testAlertChannel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The message that will be sent. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertMessage"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    confirmAlertChannel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The code in the message. */
                    code: string;
                };
            };
        };
        responses: {
            /** @description The confirmed channel. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertChannel"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedInOrWrongCode"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    listAlertRules: {
        parameters: {
            query?: {
                /** @description The format of the response. By default, the header Accept decides, and `json` is used without a preference. `csv` without `limit` returns up to 5000 entries. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rules. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertRules"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    addAlertRule: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description `label`: another label, a first call, or a call that is withheld or back. `calls`: a new BUY or SELL. `levels`: a call reached its stop or target. `digest`: all of these, daily or weekly. No digest is sent if nothing changed.
                     * @enum {string}
                     */
                    kind: "label" | "calls" | "levels" | "digest";
                    /**
                     * @description The stocks: by default `all` for the kind `calls`, and `followed` for the others.
                     * @enum {string}
                     */
                    scope?: "followed" | "all";
                    /**
                     * @description The risk profile whose calls matter; null for the user's preferred one.
                     * @default null
                     */
                    profile?: ("conservative" | "moderate" | "aggressive") | null;
                    /**
                     * @description The channels that receive the messages; null for all, including later ones.
                     * @default null
                     */
                    channelIds?: string[] | null;
                    /**
                     * @description Whether the rule sends messages.
                     * @default true
                     */
                    isOn?: boolean;
                    /**
                     * @description How often a digest is sent; null for other rules.
                     * @default null
                     */
                    frequency?: ("daily" | "weekly") | null;
                    /**
                     * @description The local time of a digest; null for other rules.
                     * @default null
                     */
                    time?: string | null;
                    /**
                     * @description The day of a weekly digest: 1 is Monday; null for other rules.
                     * @default null
                     */
                    weekday?: number | null;
                };
            };
        };
        responses: {
            /** @description The rule. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertRule"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    deleteAlertRule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rule is deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    changeAlertRule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /**
                     * @description `followed`: stocks that the user follows. `all`: all stocks.
                     * @enum {string}
                     */
                    scope?: "followed" | "all";
                    /** @description The risk profile whose calls matter; null for the user's preferred one. */
                    profile?: ("conservative" | "moderate" | "aggressive") | null;
                    /** @description The channels that receive the messages; null for all, including later ones. */
                    channelIds?: string[] | null;
                    /** @description Whether the rule sends messages. */
                    isOn?: boolean;
                    /** @description How often a digest is sent; null for other rules. */
                    frequency?: ("daily" | "weekly") | null;
                    /** @description The local time of a digest; null for other rules. */
                    time?: string | null;
                    /** @description The day of a weekly digest: 1 is Monday; null for other rules. */
                    weekday?: number | null;
                };
            };
        };
        responses: {
            /** @description The changed rule. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertRule"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    readAlertSettings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The time zone and the quiet hours. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertSettings"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    changeAlertSettings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description The IANA time zone of quiet hours and digests, such as `Europe/Paris`; `UTC` by default. */
                    timeZone?: string;
                    /** @description The local time at which quiet hours begin; null without quiet hours. */
                    quietFrom?: string | null;
                    /** @description The local time at which quiet hours end, on the next day if it is earlier than `quietFrom`; null without them. */
                    quietTo?: string | null;
                };
            };
        };
        responses: {
            /** @description The changed settings. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertSettings"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    listAlertMessages: {
        parameters: {
            query?: {
                /** @description Only messages in this state. */
                state?: "pending" | "sent" | "dead" | "dropped";
                /** @description The largest number of entries to return; 50 by default. */
                limit?: number;
                /** @description The `nextCursor` of the previous page. Keep all other parameters. The cursor is opaque: do not parse or build it. */
                cursor?: string;
                /** @description The format of the response. By default, the header Accept decides, and `json` is used without a preference. `csv` without `limit` returns up to 5000 entries. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the matching messages. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertMessagePage"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            400: components["responses"]["InvalidCursorOrInvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    retryAlertMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The message that will be sent. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertMessage"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    readUnsubscription: {
        parameters: {
            query: {
                /** @description The token of the link in a message. */
                token: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the link stops. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Unsubscription"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            404: components["responses"]["NotFound"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    unsubscribe: {
        parameters: {
            query: {
                /** @description The token of the link in a message. */
                token: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No messages are sent to this channel. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    readWatchlist: {
        parameters: {
            query?: {
                /** @description The format of the response. By default, the header Accept decides, and `json` is used without a preference. `csv` without `limit` returns up to 5000 entries. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The followed stocks. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Watchlist"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["ApiKeyRefusedOrNotSignedIn"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    followInstrument: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The instrument's symbol, such as `AAPL`, in upper or lower case. If several instruments have had this symbol, it selects the active one, or else the newest. */
                symbol: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description One line about the stock. Null removes it; without this member, it stays. */
                    note?: string | null;
                };
            };
        };
        responses: {
            /** @description You follow the stock. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WatchlistEntry"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["ApiKeyRefusedOrNotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFoundOrUnknownInstrument"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFullOrVendorUnreachable"];
        };
    };
    unfollowInstrument: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The instrument's symbol, such as `AAPL`, in upper or lower case. If several instruments have had this symbol, it selects the active one, or else the newest. */
                symbol: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description You do not follow the stock, by this request or an earlier one. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["ApiKeyRefusedOrNotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    importWatchlist: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The pasted text or the content of the CSV file. */
                    text: string;
                };
            };
        };
        responses: {
            /** @description An outcome for each symbol. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WatchlistImport"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["ApiKeyRefusedOrNotSignedIn"];
            403: components["responses"]["NotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    createSecondFactor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The secret. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewSecondFactor"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["ConfirmationRequiredOrNotAllowed"];
            409: components["responses"]["Conflict"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    removeSecondFactor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account has no second factor. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["ConfirmationRequiredOrNotAllowed"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    activateSecondFactor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The current code of the authenticator app. */
                    code: string;
                };
            };
        };
        responses: {
            /** @description The recovery codes. Keep them in a safe place. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedInOrWrongCode"];
            403: components["responses"]["ConfirmationRequiredOrNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    renewRecoveryCodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The recovery codes. Keep them in a safe place. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["ConfirmationRequiredOrNotAllowed"];
            409: components["responses"]["Conflict"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    listRecommendations: {
        parameters: {
            query?: {
                /** @description The risk profile; the caller's preferred profile by default. */
                profile?: "conservative" | "moderate" | "aggressive";
                /** @description Only recommendations with this call. */
                label?: "SELL" | "HOLD" | "BUY";
                /** @description Only instruments of this sector, as `/v1/facets` spells it. */
                sector?: string;
                /** @description Only instruments on this exchange, as `/v1/facets` spells it. */
                exchange?: string;
                /** @description Only these instruments: up to 50 symbols, separated by commas. */
                symbol?: string;
                /** @description Only recommendations with at least this confidence. */
                minConfidence?: number;
                /** @description `true`: only stocks that the caller follows. `false` (the default): all stocks. */
                following?: "true" | "false";
                /** @description The sort order; `-confidence` by default. A `-` sorts in descending order. */
                sort?: "-confidence" | "confidence" | "-expectedReturn" | "expectedReturn" | "-generatedAt" | "generatedAt" | "-symbol" | "symbol";
                /** @description The largest number of entries to return; 10 by default. */
                limit?: number;
                /** @description The `nextCursor` of the previous page. Keep all other parameters. The cursor is opaque: do not parse or build it. */
                cursor?: string;
                /** @description The format of the response. By default, the header Accept decides, and `json` is used without a preference. `csv` without `limit` returns up to 5000 entries. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the matching recommendations. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecommendationPage"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            400: components["responses"]["InvalidCursorOrInvalidRequest"];
            401: components["responses"]["ApiKeyRefusedOrNotSignedIn"];
            403: components["responses"]["ConsentRequired"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    readRecommendation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the recommendation, from a list. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The recommendation. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecommendationDetail"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["ApiKeyRefusedOrNotSignedIn"];
            403: components["responses"]["ConsentRequired"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    listInstrumentRecommendations: {
        parameters: {
            query?: {
                /** @description The risk profile; the caller's preferred profile by default. */
                profile?: "conservative" | "moderate" | "aggressive";
                /** @description The largest number of entries to return; 50 by default. */
                limit?: number;
                /** @description The `nextCursor` of the previous page. Keep all other parameters. The cursor is opaque: do not parse or build it. */
                cursor?: string;
                /** @description The format of the response. By default, the header Accept decides, and `json` is used without a preference. `csv` without `limit` returns up to 5000 entries. */
                format?: "json" | "csv";
            };
            header?: never;
            path: {
                /** @description The instrument's symbol, such as `AAPL`, in upper or lower case. If several instruments have had this symbol, it selects the active one, or else the newest. */
                symbol: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the recommendations, newest first. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecommendationHistory"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            400: components["responses"]["InvalidCursorOrInvalidRequest"];
            401: components["responses"]["ApiKeyRefusedOrNotSignedIn"];
            403: components["responses"]["ConsentRequired"];
            404: components["responses"]["NotFoundOrUnknownInstrument"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    listChanges: {
        parameters: {
            query?: {
                /** @description The risk profile; the caller's preferred profile by default. */
                profile?: "conservative" | "moderate" | "aggressive";
                /** @description Only changes of this kind. */
                kind?: "label" | "stop" | "target" | "withheld" | "new" | "back";
                /** @description `true`: only stocks that the caller follows. `false` (the default): all stocks. */
                following?: "true" | "false";
                /** @description Only changes that were published after this instant, or after the start of this day in UTC. Send the newest `occurredAt` that you have, to receive what is new. */
                since?: string;
                /** @description The largest number of entries to return; 50 by default. */
                limit?: number;
                /** @description The `nextCursor` of the previous page. Keep all other parameters. The cursor is opaque: do not parse or build it. */
                cursor?: string;
                /** @description The format of the response. By default, the header Accept decides, and `json` is used without a preference. `csv` without `limit` returns up to 5000 entries. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the matching changes, newest first. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangePage"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            400: components["responses"]["InvalidCursorOrInvalidRequest"];
            401: components["responses"]["ApiKeyRefusedOrNotSignedIn"];
            403: components["responses"]["ConsentRequired"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    readTrackRecord: {
        parameters: {
            query?: {
                /** @description First `asOf` of the calls, inclusive; the oldest by default. */
                from?: string;
                /** @description Last `asOf` of the calls, inclusive; the newest by default. */
                to?: string;
                /** @description The risk profile; all by default. */
                profile?: "conservative" | "moderate" | "aggressive";
                /** @description The model version; all by default. */
                model?: string;
                /** @description The kind of calls; `live` by default. Calls of different kinds are never counted together. */
                kind?: "live" | "backdated" | "hindsight" | "sample";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The track record. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrackRecord"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["ApiKeyRefusedOrNotSignedIn"];
            403: components["responses"]["ConsentRequired"];
            404: components["responses"]["UnknownModel"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    listTrackRecordCalls: {
        parameters: {
            query?: {
                /** @description First `asOf` of the calls, inclusive; the oldest by default. */
                from?: string;
                /** @description Last `asOf` of the calls, inclusive; the newest by default. */
                to?: string;
                /** @description The risk profile; the caller's preferred profile by default. */
                profile?: "conservative" | "moderate" | "aggressive";
                /** @description The model version; all by default. */
                model?: string;
                /** @description The kind of calls; `live` by default. Calls of different kinds are never counted together. */
                kind?: "live" | "backdated" | "hindsight" | "sample";
                /** @description The call; all by default. */
                label?: "SELL" | "HOLD" | "BUY";
                /** @description The largest number of entries to return; 50 by default. */
                limit?: number;
                /** @description The `nextCursor` of the previous page. Keep all other parameters. The cursor is opaque: do not parse or build it. */
                cursor?: string;
                /** @description The format of the response. By default, the header Accept decides, and `json` is used without a preference. `csv` without `limit` returns up to 5000 entries. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the matching calls, newest day first. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrackRecordCallPage"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            400: components["responses"]["InvalidCursorOrInvalidRequest"];
            401: components["responses"]["ApiKeyRefusedOrNotSignedIn"];
            403: components["responses"]["ConsentRequired"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    exportTrackRecord: {
        parameters: {
            query?: {
                /** @description First `asOf` of the calls, inclusive; the oldest by default. */
                from?: string;
                /** @description Last `asOf` of the calls, inclusive; the newest by default. */
                to?: string;
                /** @description The risk profile; all by default. */
                profile?: "conservative" | "moderate" | "aggressive";
                /** @description The model version; all by default. */
                model?: string;
                /** @description The kind of calls; `live` by default. Calls of different kinds are never counted together. */
                kind?: "live" | "backdated" | "hindsight" | "sample";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The results by profile and label. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["ApiKeyRefusedOrNotSignedIn"];
            403: components["responses"]["ConsentRequired"];
            404: components["responses"]["UnknownModel"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    listPublications: {
        parameters: {
            query?: {
                /** @description The largest number of entries to return; 50 by default. */
                limit?: number;
                /** @description The `nextCursor` of the previous page. Keep all other parameters. The cursor is opaque: do not parse or build it. */
                cursor?: string;
                /** @description The format of the response. By default, the header Accept decides, and `json` is used without a preference. `csv` without `limit` returns up to 5000 entries. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the publications, newest first. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublicationPage"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            400: components["responses"]["InvalidCursorOrInvalidRequest"];
            401: components["responses"]["ApiKeyRefusedOrNotSignedIn"];
            403: components["responses"]["ConsentRequired"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    readPublication: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The number of the publication. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The publication as canonical JSON. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Publication"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["ApiKeyRefusedOrNotSignedIn"];
            403: components["responses"]["ConsentRequired"];
            404: components["responses"]["NotFound"];
            406: components["responses"]["CompressionRequired"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    replayRecommendation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the recommendation, from a list. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayedRecommendation"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["ApiKeyRefusedOrNotSignedIn"];
            403: components["responses"]["ConsentRequired"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["NotReplayable"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrServiceBusyOrStorageFull"];
        };
    };
    listInstruments: {
        parameters: {
            query?: {
                /** @description Only instruments whose symbol or name contains this text. Case does not matter. */
                search?: string;
                /** @description Only instruments of this sector, as `/v1/facets` spells it. */
                sector?: string;
                /** @description Only instruments on this exchange, as `/v1/facets` spells it. */
                exchange?: string;
                /** @description Only companies of this size. */
                marketCapBucket?: "small" | "mid" | "large";
                /** @description Only instruments in this price/earnings range. */
                peBucket?: "low" | "medium" | "high";
                /** @description `true` (the default): only active instruments. `false`: only inactive ones. `all`: both. */
                active?: "true" | "false" | "all";
                /** @description The largest number of entries to return; 50 by default. */
                limit?: number;
                /** @description The `nextCursor` of the previous page. Keep all other parameters. The cursor is opaque: do not parse or build it. */
                cursor?: string;
                /** @description The format of the response. By default, the header Accept decides, and `json` is used without a preference. `csv` without `limit` returns up to 5000 entries. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the matching instruments. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstrumentPage"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            400: components["responses"]["InvalidCursorOrInvalidRequest"];
            401: components["responses"]["ApiKeyRefusedOrNotSignedIn"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    readInstrument: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The instrument's symbol, such as `AAPL`, in upper or lower case. If several instruments have had this symbol, it selects the active one, or else the newest. */
                symbol: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The instrument. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstrumentDetail"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["ApiKeyRefusedOrNotSignedIn"];
            404: components["responses"]["NotFoundOrUnknownInstrument"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    listBars: {
        parameters: {
            query?: {
                /** @description The length of a bar; `daily` by default. 15-minute bars go back 30 days. */
                interval?: "daily" | "15m";
                /** @description First day, inclusive; one year before `to` by default. */
                from?: string;
                /** @description Last day, inclusive; today by default. */
                to?: string;
                /** @description The largest number of entries to return; 1000 by default. */
                limit?: number;
                /** @description The `nextCursor` of the previous page. Keep all other parameters. The cursor is opaque: do not parse or build it. */
                cursor?: string;
                /** @description The format of the response. By default, the header Accept decides, and `json` is used without a preference. `csv` without `limit` returns up to 5000 entries. */
                format?: "json" | "csv";
            };
            header?: never;
            path: {
                /** @description The instrument's symbol, such as `AAPL`, in upper or lower case. If several instruments have had this symbol, it selects the active one, or else the newest. */
                symbol: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of bars, oldest first. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BarPage"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            400: components["responses"]["InvalidCursorOrInvalidRequest"];
            401: components["responses"]["ApiKeyRefusedOrNotSignedIn"];
            404: components["responses"]["NotFoundOrUnknownInstrument"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    listFeatures: {
        parameters: {
            query?: {
                /** @description First day, inclusive; one year before `to` by default. */
                from?: string;
                /** @description Last day, inclusive; today by default. */
                to?: string;
                /** @description The largest number of entries to return; 250 by default. */
                limit?: number;
                /** @description The `nextCursor` of the previous page. Keep all other parameters. The cursor is opaque: do not parse or build it. */
                cursor?: string;
                /** @description The format of the response. By default, the header Accept decides, and `json` is used without a preference. `csv` without `limit` returns up to 5000 entries. */
                format?: "json" | "csv";
            };
            header?: never;
            path: {
                /** @description The instrument's symbol, such as `AAPL`, in upper or lower case. If several instruments have had this symbol, it selects the active one, or else the newest. */
                symbol: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of features, oldest first. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeaturePage"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            400: components["responses"]["InvalidCursorOrInvalidRequest"];
            401: components["responses"]["ApiKeyRefusedOrNotSignedIn"];
            404: components["responses"]["NotFoundOrUnknownInstrument"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    listFacets: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sectors and exchanges. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Facets"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["ApiKeyRefusedOrNotSignedIn"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    listModels: {
        parameters: {
            query?: {
                /** @description The format of the response. By default, the header Accept decides, and `json` is used without a preference. `csv` without `limit` returns up to 5000 entries. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All registered versions. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelList"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["ApiKeyRefusedOrNotSignedIn"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    readActiveModel: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The version and its card. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelDetail"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["ApiKeyRefusedOrNotSignedIn"];
            404: components["responses"]["UnknownModel"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    readModel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The model version, such as `v1.2.3`. */
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The version and its card. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelDetail"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["ApiKeyRefusedOrNotSignedIn"];
            404: components["responses"]["NotFoundOrUnknownModel"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    readHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The service works. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    readOpenApi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenApiDocument"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    readDocs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            400: components["responses"]["InvalidRequest"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    listUsers: {
        parameters: {
            query?: {
                /** @description Only users whose e-mail address contains this text. Case does not matter. */
                search?: string;
                /** @description `no` (the default): without deleted users. `only`: deleted users only. `yes`: all users. */
                deleted?: "no" | "only" | "yes";
                /** @description The largest number of entries to return; 50 by default. */
                limit?: number;
                /** @description The `nextCursor` of the previous page. Keep all other parameters. The cursor is opaque: do not parse or build it. */
                cursor?: string;
                /** @description The format of the response. By default, the header Accept decides, and `json` is used without a preference. `csv` without `limit` returns up to 5000 entries. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the matching users. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminUserPage"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            400: components["responses"]["InvalidCursorOrInvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    deleteUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user is deleted, by this request or an earlier one. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["ConfirmationRequiredOrNotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    undeleteUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The restored user. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminUser"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["ConfirmationRequiredOrNotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    endUserSessions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user has no session and no API key. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["ConfirmationRequiredOrNotAllowed"];
            404: components["responses"]["NotFound"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    grantAdmin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user, now an administrator. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminUser"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["ConfirmationRequiredOrNotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    revokeAdmin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user, now without administrator rights. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminUser"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["ConfirmationRequiredOrNotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    listSecurityEvents: {
        parameters: {
            query?: {
                /** @description Only events of this type. */
                type?: "registered" | "login" | "login-refused" | "login-throttled" | "logout" | "sessions-ended" | "session-ended" | "refresh-token-reused" | "password-changed" | "password-reset" | "second-factor-enabled" | "second-factor-disabled" | "recovery-code-used" | "recovery-codes-renewed" | "api-key-created" | "api-key-revoked" | "alert-channel-added" | "alert-channel-removed" | "confirmed" | "confirmation-refused" | "admin-granted" | "admin-revoked" | "user-deleted" | "user-restored" | "account-deleted" | "account-erased" | "data-exported" | "consent-accepted" | "consent-withdrawn" | "access-denied" | "token-refused" | "cookie-refused" | "model-promoted" | "run-started";
                /** @description Only events about this user, or by this administrator. */
                userId?: string;
                /** @description First day (UTC), inclusive; without it, the oldest stored event. */
                from?: string;
                /** @description Last day (UTC), inclusive; without it, the newest event. */
                to?: string;
                /** @description The largest number of entries to return; 50 by default. */
                limit?: number;
                /** @description The `nextCursor` of the previous page. Keep all other parameters. The cursor is opaque: do not parse or build it. */
                cursor?: string;
                /** @description The format of the response. By default, the header Accept decides, and `json` is used without a preference. `csv` without `limit` returns up to 5000 entries. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the matching events. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminSecurityEventPage"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            400: components["responses"]["InvalidCursorOrInvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    listAdminInstruments: {
        parameters: {
            query?: {
                /** @description Only instruments whose symbol or name contains this text. Case does not matter. */
                search?: string;
                /** @description `true`: only active instruments. `false`: only inactive ones. `all` by default. */
                active?: "true" | "false" | "all";
                /** @description The largest number of entries to return; 50 by default. */
                limit?: number;
                /** @description The `nextCursor` of the previous page. Keep all other parameters. The cursor is opaque: do not parse or build it. */
                cursor?: string;
                /** @description The format of the response. By default, the header Accept decides, and `json` is used without a preference. `csv` without `limit` returns up to 5000 entries. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the matching instruments. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminInstrumentPage"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            400: components["responses"]["InvalidCursorOrInvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    createInstrument: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewInstrument"];
            };
        };
        responses: {
            /** @description The new instrument. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminInstrument"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    deactivateInstrument: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The instrument is inactive, by this request or an earlier one. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    updateInstrument: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InstrumentChange"];
            };
        };
        responses: {
            /** @description The changed instrument. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminInstrument"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    reactivateInstrument: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The instrument, now active. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminInstrument"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    promoteModel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The model version, such as `v1.2.3`. */
                version: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Promotion"];
            };
        };
        responses: {
            /** @description The version is now active. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelActivation"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFoundOrUnknownModel"];
            409: components["responses"]["ConflictOrGateRefused"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    rollBackModel: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Rollback"];
            };
        };
        responses: {
            /** @description The earlier version is active again. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelActivation"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["UnknownModel"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    listRuns: {
        parameters: {
            query?: {
                /** @description Only runs with this status. */
                status?: "running" | "succeeded" | "partial" | "failed";
                /** @description The largest number of entries to return; 50 by default. */
                limit?: number;
                /** @description The `nextCursor` of the previous page. Keep all other parameters. The cursor is opaque: do not parse or build it. */
                cursor?: string;
                /** @description The format of the response. By default, the header Accept decides, and `json` is used without a preference. `csv` without `limit` returns up to 5000 entries. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the matching runs. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunPage"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            400: components["responses"]["InvalidCursorOrInvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    startRun: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RunInput"];
            };
        };
        responses: {
            /** @description The run has started. `Location` is its address. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StartedRun"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrOutcomeUnknownOrStorageFull"];
        };
    };
    readRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the run, which is also the name of its execution. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDetail"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    listRunFailures: {
        parameters: {
            query?: {
                /** @description Only failures in this step. */
                step?: "plan" | "fetch" | "load" | "features" | "infer";
                /** @description Only failures with this reason code. */
                reason?: string;
                /** @description The largest number of entries to return; 50 by default. */
                limit?: number;
                /** @description The `nextCursor` of the previous page. Keep all other parameters. The cursor is opaque: do not parse or build it. */
                cursor?: string;
                /** @description The format of the response. By default, the header Accept decides, and `json` is used without a preference. `csv` without `limit` returns up to 5000 entries. */
                format?: "json" | "csv";
            };
            header?: never;
            path: {
                /** @description The id of the run, which is also the name of its execution. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the failures, oldest first. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunFailurePage"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            400: components["responses"]["InvalidCursorOrInvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    listQuarantinedBars: {
        parameters: {
            query?: {
                /** @description `open` (the default): bars still in quarantine. `resolved`: bars that a later load accepted. `all`: both. */
                state?: "open" | "resolved" | "all";
                /** @description Only bars of the instrument with this symbol. */
                symbol?: string;
                /** @description The largest number of entries to return; 50 by default. */
                limit?: number;
                /** @description The `nextCursor` of the previous page. Keep all other parameters. The cursor is opaque: do not parse or build it. */
                cursor?: string;
                /** @description The format of the response. By default, the header Accept decides, and `json` is used without a preference. `csv` without `limit` returns up to 5000 entries. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the matching bars. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuarantinedBarPage"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            400: components["responses"]["InvalidCursorOrInvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
    listUndeliveredMessages: {
        parameters: {
            query?: {
                /** @description Only messages of this user. */
                userId?: string;
                /** @description The largest number of entries to return; 50 by default. */
                limit?: number;
                /** @description The `nextCursor` of the previous page. Keep all other parameters. The cursor is opaque: do not parse or build it. */
                cursor?: string;
                /** @description The format of the response. By default, the header Accept decides, and `json` is used without a preference. `csv` without `limit` returns up to 5000 entries. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the matching messages. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UndeliveredMessagePage"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            400: components["responses"]["InvalidCursorOrInvalidRequest"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["DatabaseUnreachableOrStorageFull"];
        };
    };
}
