/** Lists of stop words by language. */
declare module 'stopword';
